import type { FeatureTable } from "../data/features.ts";
import { bindNumber, bindText } from "./bind.ts";
import { oneNumber, oneText } from "./blocks.ts";
import type { Expression } from "./compile.ts";
import { conjuncts } from "./evaluate.ts";
import { type Scope, scopeValue } from "./scope.ts";
import { columnOf, type Subject } from "./subject.ts";
import type { CompareOperator } from "./syntax.ts";
import type { Typed } from "./typed.ts";
import { isNumeric, isTextual } from "./value-type.ts";

/**
 * Why a filter is not true for an item: its smallest failing parts with their values, such as `price is 30, and must be <= 20`. For parts
 * joined by "and", each failing one is listed. Parts joined by "or" fail together and become one sentence. Empty if the filter is true.
 *
 * @param item its index
 * @throws RecoError `bad-input` if a parameter has the wrong type
 */
export function explain(expression: Expression, columns: FeatureTable, item: number, scope: Scope): string[] {
  return new Explainer(expression.source, { columns, scope }, item).failures(expression.tree, true);
}

const opposite: Readonly<Record<CompareOperator, CompareOperator>> = { "=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">" };
const mirrored: Readonly<Record<CompareOperator, CompareOperator>> = { "=": "=", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<=" };

class Explainer {
  private readonly source: string;
  private readonly subject: Subject;
  private readonly item: number;

  constructor(source: string, subject: Subject, item: number) {
    this.source = source;
    this.subject = subject;
    this.item = item;
  }

  /** What prevents a condition from being `wanted`. */
  failures(node: Typed, wanted: boolean): string[] {
    if (oneNumber(bindNumber(node, this.subject), this.item) === Number(wanted)) return [];
    if (node.kind === "not") return this.failures(node.operand, !wanted);
    if (node.kind === "and" || node.kind === "or") {
      if ((node.kind === "and") === wanted) {
        const parts = node.kind === "and" ? conjuncts(node) : [node.left, node.right];
        return parts.flatMap((part) => this.failures(part, wanted));
      }
      // Either one would have been enough, so both have failed.
      return [[node.left, node.right].map((part) => this.failures(part, wanted).join(" and ")).join(", or ")];
    }
    return [this.failure(node, wanted)];
  }

  private failure(node: Typed, wanted: boolean): string {
    if (node.kind === "compare") {
      const operator = wanted ? node.operator : opposite[node.operator];
      // The sentence is about the side that varies between items.
      return node.left.perItem || !node.right.perItem
        ? this.sentence(node.left, `be ${operator} ${this.bound(node.right)}`)
        : this.sentence(node.right, `be ${mirrored[operator]} ${this.bound(node.left)}`);
    }
    if (node.kind === "in") {
      const not = node.negated !== wanted ? "" : "not ";
      return node.left.perItem || !node.right.perItem
        ? this.sentence(node.left, `${not}be in ${this.bound(node.right)}`)
        : this.sentence(node.right, `${not}contain ${this.bound(node.left)}`);
    }
    return this.sentence(node, `be ${wanted}`);
  }

  private sentence(node: Typed, must: string): string {
    return `${this.text(node)} is ${this.value(node) ?? "unknown"}, and must ${must}`;
  }

  /** The other side of a comparison: its source, plus its value if that differs. */
  private bound(node: Typed): string {
    const value = this.value(node);
    if (node.kind === "constant") return value ?? "null";
    const known = node.kind !== "list" || node.items.some((item) => item.kind !== "constant");
    return known ? `${this.text(node)} (${value ?? "not known"})` : this.text(node);
  }

  private text({ from, to }: Typed): string {
    return this.source.slice(from, to);
  }

  /** The value of a part, in the syntax of the language; undefined for null. */
  private value(node: Typed): string | undefined {
    if (isTextual(node.type)) {
      const text = oneText(bindText(node, this.subject), this.item);
      return text === "" ? undefined : shortened(JSON.stringify(text));
    }
    if (isNumeric(node.type)) {
      const value = oneNumber(bindNumber(node, this.subject), this.item);
      if (Number.isNaN(value)) return undefined;
      if (node.type === "boolean") return String(value === 1);
      return node.type === "time" ? timeText(value) : String(Number(value.toPrecision(12)));
    }
    return this.listValue(node);
  }

  private listValue(node: Typed): string | undefined {
    if (node.kind === "list") return `[${node.items.map((item) => this.value(item) ?? "null").join(", ")}]`;
    if (node.kind === "scoped") {
      const value = scopeValue(node, this.subject.scope);
      return value === null ? undefined : shortened(JSON.stringify(value));
    }
    const column = node.kind === "property" ? columnOf(node, this.subject.columns) : undefined;
    if (column?.type !== "categories") return undefined;
    const codes = column.codes.subarray(column.offsets[this.item], column.offsets[this.item + 1]);
    return shortened(JSON.stringify(Array.from(codes, (code) => column.names[code])));
  }
}

/** Times outside this range have no calendar date. */
const LAST_DATE = 8.64e15;

function timeText(time: number): string {
  return Math.abs(time) <= LAST_DATE ? new Date(time).toISOString() : String(time);
}

function shortened(text: string): string {
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}
