import { didYouMean } from "../util/nearest-names.ts";
import { expressionError, type Span } from "./expression-error.ts";
import { type ExpressionFunction, functions } from "./functions.ts";
import { parseTime } from "./scope.ts";
import type { ArithmeticOperator, CompareOperator, Syntax } from "./syntax.ts";
import type { Typed } from "./typed.ts";
import { isNumeric, isTextual, type Type, typeWords, type ValueType } from "./value-type.ts";

/** The types of the names that an expression can use. */
export interface Schema {
  /** Types of item properties. */
  readonly properties: Readonly<Record<string, ValueType>>;
  /** Types of user properties. Without them, a user property has the type that its position requires. */
  readonly user?: Readonly<Record<string, ValueType>> | undefined;
  /** Types of parameters. A parameter not listed here has the type that its position requires. */
  readonly parameters?: Readonly<Record<string, ValueType>> | undefined;
  /** Treat unknown names as null instead of an error, for a schema that grows with the data. Default false. */
  readonly open?: boolean | undefined;
}

type Node<Kind extends Typed["kind"]> = Extract<Typed, { kind: Kind }>;

/**
 * Gives every part of an expression its type, and checks that the whole has type `result`.
 *
 * @throws RecoError `bad-expression` for unknown names and type mismatches
 */
export function check(source: string, syntax: Syntax, schema: Schema, result: "boolean" | "number"): Typed {
  return new Checker(source, schema).whole(syntax, result);
}

class Checker {
  private readonly source: string;
  private readonly schema: Schema;

  constructor(source: string, schema: Schema) {
    this.source = source;
    this.schema = schema;
  }

  whole(syntax: Syntax, result: "boolean" | "number"): Typed {
    const tree = this.typed(syntax);
    return this.as(tree, result, `this expression must return ${typeWords(result)}`);
  }

  private fail(span: Span, message: string): Error {
    return expressionError(this.source, span, message);
  }

  private typed(node: Syntax): Typed {
    const { from, to } = node;
    const place = { from, to };
    switch (node.kind) {
      case "constant": {
        const { value } = node;
        const types = { number: "number", string: "text", boolean: "boolean", object: "null" } as const;
        return { ...place, kind: "constant", value, type: types[typeof value as keyof typeof types], perItem: false };
      }
      case "property":
        return this.property(node);
      case "scoped":
        return { ...node, type: this.scopedType(node), perItem: false };
      case "list":
        return this.list(place, node.items);
      case "not": {
        const operand = this.as(this.typed(node.operand), "boolean", '"not" needs a condition');
        return { ...place, kind: "not", operand, type: "boolean", perItem: operand.perItem };
      }
      case "negate": {
        const operand = this.as(this.typed(node.operand), "number", '"-" needs a number');
        return { ...place, kind: "negate", operand, type: "number", perItem: operand.perItem };
      }
      case "and":
      case "or": {
        const needs = `"${node.kind}" needs conditions`;
        const left = this.as(this.typed(node.left), "boolean", needs);
        const right = this.as(this.typed(node.right), "boolean", needs);
        return { ...place, kind: node.kind, left, right, type: "boolean", perItem: left.perItem || right.perItem };
      }
      case "compare":
        return this.compare(place, node.operator, this.typed(node.left), this.typed(node.right));
      case "in":
        return this.membership(place, node.negated, this.typed(node.left), this.typed(node.right));
      case "arithmetic":
        return this.arithmetic(place, node.operator, this.typed(node.left), this.typed(node.right));
      case "if": {
        const condition = this.as(this.typed(node.condition), "boolean", '"if" needs a condition');
        const [consequence, otherwise] = this.alike([this.typed(node.consequence), this.typed(node.otherwise)], 'both branches of "if"');
        const perItem = condition.perItem || consequence.perItem || otherwise.perItem;
        return { ...place, kind: "if", condition, consequence, otherwise, type: consequence.type, perItem };
      }
      case "call":
        return this.call(place, node.name, node.arguments);
    }
  }

  private property(node: Extract<Syntax, { kind: "property" }>): Typed {
    const { properties, open } = this.schema;
    if (Object.hasOwn(properties, node.name)) return { ...node, type: properties[node.name], perItem: true };
    if (open) return { from: node.from, to: node.to, kind: "constant", value: null, type: "null", perItem: false };
    const near = didYouMean(node.name, Object.keys(properties));
    const elsewhere = ["user", "context"].includes(node.name) ? ` Write ${node.name}.name.` : "";
    throw this.fail(node, `there is no item property "${node.name}".${near}${elsewhere}`);
  }

  private scopedType(node: Extract<Syntax, { kind: "scoped" }>): Type {
    const { user, parameters = {}, open } = this.schema;
    if (node.root === "context") return "unknown";
    if (node.root === "parameter") return Object.hasOwn(parameters, node.name) ? parameters[node.name] : "unknown";
    if (node.name === "id") return "text";
    if (user === undefined) return "unknown";
    if (Object.hasOwn(user, node.name)) return user[node.name];
    if (open) return "unknown";
    throw this.fail(node, `there is no user property "${node.name}".${didYouMean(node.name, Object.keys(user))}`);
  }

  private list(place: Span, items: readonly Syntax[]): Typed {
    const typed = items.map((item) => this.typed(item));
    for (const item of typed) {
      if (item.perItem) throw this.fail(item, "a list literal can contain only constants, parameters, and values of user and context.");
      if (item.type === "null") throw this.fail(item, "a list can't contain null.");
      if (!["number", "text", "category", "unknown"].includes(item.type)) {
        throw this.fail(item, `a list can contain only numbers or texts, but this is ${typeWords(item.type)}.`);
      }
    }
    const members = this.alike(typed, "members of a list");
    const type =
      members.length === 0 || members[0].type === "unknown" ? "unknown" : members[0].type === "number" ? "numbers" : "categories";
    return { ...place, kind: "list", items: members, type, perItem: false };
  }

  private compare(place: Span, operator: CompareOperator, first: Typed, second: Typed): Typed {
    for (const side of [first, second]) {
      if (side.kind !== "constant" || (side.value !== null && side.value !== "")) continue;
      // An open name becomes null too, but isn't written as null.
      if (side.value === null && this.source.slice(side.from, side.to) !== "null") continue;
      throw this.fail(place, "a comparison with null is never true. Use has(x) or not has(x).");
    }
    const [left, right] = this.alike([first, second], `both sides of ${operator}`);
    const ordered = operator !== "=" && operator !== "!=";
    const { type } = left;
    const sides = { left, right };
    if (type === "unknown") {
      const read = ordered ? "number" : "text";
      sides.left = this.as(left, read, "");
      sides.right = this.as(right, read, "");
    } else if (type === "categories" || type === "numbers") {
      throw this.fail(place, 'lists can\'t be compared. Write "name" in list, or overlap(list, list) > 0.');
    } else if (ordered && type !== "number" && type !== "time" && type !== "null") {
      throw this.fail(place, `${operator} compares numbers or times, but this is ${typeWords(type)}.`);
    } else if (!isNumeric(type) && !isTextual(type) && type !== "null") {
      const hint = type === "place" ? " Use distance(place, place)." : " Use cosine(vector, vector).";
      throw this.fail(place, `${typeWords(type)} can't be compared with ${operator}.${hint}`);
    }
    return { ...place, kind: "compare", operator, ...sides, type: "boolean", perItem: left.perItem || right.perItem };
  }

  private membership(place: Span, negated: boolean, member: Typed, list: Typed): Typed {
    let left = member;
    let right = list;
    if (!["categories", "numbers", "unknown", "null"].includes(right.type)) {
      throw this.fail(right, `the right side of "in" must be a list, but this is ${typeWords(right.type)}.`);
    }
    if (left.type === "unknown") left = this.as(left, right.type === "numbers" ? "number" : "text", "");
    if (left.type !== "null") {
      if (left.type !== "number" && !isTextual(left.type)) {
        const hint = left.type === "categories" ? " Write overlap(list, list) > 0." : "";
        throw this.fail(left, `the left side of "in" must be a number or text, but this is ${typeWords(left.type)}.${hint}`);
      }
      const needs = left.type === "number" ? "numbers" : "categories";
      right = this.as(right, needs, `to look for ${typeWords(left.type)}, "in" needs ${typeWords(needs)}`);
    }
    return { ...place, kind: "in", negated, left, right, type: "boolean", perItem: left.perItem || right.perItem };
  }

  private arithmetic(place: Span, operator: ArithmeticOperator, first: Typed, second: Typed): Typed {
    const needs = `"${operator}" needs numbers`;
    const perItem = first.perItem || second.perItem;
    const node = (left: Typed, right: Typed, type: Type): Typed => ({ ...place, kind: "arithmetic", operator, left, right, type, perItem });
    // Adding a number of milliseconds moves a time, and the difference of two times is a number.
    const times = `${first.type === "time" ? "time" : "number"} ${operator} ${second.type === "time" ? "time" : "number"}`;
    if (times === "time - time") return node(first, second, "number");
    if (times === "time - number" || times === "time + number") return node(first, this.as(second, "number", needs), "time");
    if (times === "number + time") return node(this.as(first, "number", needs), second, "time");
    return node(this.as(first, "number", needs), this.as(second, "number", needs), "number");
  }

  private call(place: Span, name: string, given: readonly Syntax[]): Typed {
    const called: ExpressionFunction | undefined = functions.get(name);
    if (called === undefined) throw this.fail(place, `there is no function "${name}".${didYouMean(name, functions.keys())}`);
    const { parameters, repeats, result, signature } = called;
    if (repeats ? given.length < 2 : given.length !== parameters.length) {
      throw this.fail(place, `${signature} got ${given.length} argument${given.length === 1 ? "" : "s"}.`);
    }
    let values = given.map((argument) => this.typed(argument));
    if (result === "same") {
      values = this.alike(values, `arguments of ${name}`);
      const { type } = values[0];
      if (!isNumeric(type) && !isTextual(type) && type !== "null" && type !== "unknown") {
        throw this.fail(place, `${name} takes numbers, booleans, times or texts, but this is ${typeWords(type)}.`);
      }
    } else {
      values = values.map((value, i) => {
        const wanted = parameters[Math.min(i, parameters.length - 1)];
        return wanted === "any" ? this.settled(value) : this.as(value, wanted, `${signature} needs ${typeWords(wanted)}`);
      });
    }
    const type = result === "same" ? values[0].type : result;
    return { ...place, kind: "call", name, arguments: values, type, perItem: values.some((value) => value.perItem) };
  }

  /** A part whose position accepts any type. If it has no type of its own, it is read as text, which accepts every value. */
  private settled(node: Typed): Typed {
    return node.type !== "unknown" || node.kind === "scoped" ? node : this.as(node, node.kind === "list" ? "categories" : "text", "");
  }

  /** Converts parts to a common type. */
  private alike(nodes: readonly Typed[], what: string): Typed[] {
    const known = nodes.filter(({ type }) => type !== "unknown" && type !== "null");
    // Text next to a time is read as a time.
    const like = known.find(({ type }) => type === "time") ?? known[0] ?? nodes.find(({ type }) => type === "unknown") ?? nodes[0];
    return nodes.map((node) => {
      if (isTextual(node.type) && isTextual(like.type)) return node;
      return this.as(node, like.type, `${what} must have the same type: expected ${typeWords(like.type)}`);
    });
  }

  /** The same part, read as the given type. */
  private as(node: Typed, type: Type, needs: string): Typed {
    if (node.type === type || (isTextual(node.type) && isTextual(type))) return node;
    const listed = type === "categories" || type === "numbers" || type === "vector";
    if ((node.type === "null" || node.type === "unknown") && (node.kind !== "list" || listed)) return retyped(node, type);
    if (type === "time" && node.kind === "constant" && typeof node.value === "string") {
      const value = parseTime(node.value);
      if (!Number.isNaN(value)) return { ...node, value, type };
      throw this.fail(node, "write a time as 2026-01-31 or 2026-01-31T12:00:00Z.");
    }
    if (type === "vector" && node.kind === "list" && node.type === "numbers") return { ...node, type };
    const hint = [type, node.type].includes("time") && [type, node.type].includes("number") ? " Write age(time), or now() - days(7)." : "";
    throw this.fail(node, `${needs}, but this is ${node.kind === "list" ? "a list" : typeWords(node.type)}.${hint}`);
  }
}

/** Gives a part without a type the one that its position requires, down to the values it is made of. */
function retyped(node: Typed, type: Type): Typed {
  switch (node.kind) {
    case "if":
      return { ...node, type, consequence: retyped(node.consequence, type), otherwise: retyped(node.otherwise, type) };
    case "call":
      return { ...node, type, arguments: node.arguments.map((argument) => retyped(argument, type)) };
    case "list": {
      const member = type === "numbers" || type === "vector" ? "number" : "text";
      return { ...node, type, items: node.items.map((item) => retyped(item, member)) };
    }
    default:
      return { ...node, type } as Node<"scoped" | "constant">;
  }
}
