import { check, type Schema } from "./check.ts";
import { parse } from "./parse.ts";
import { partsOf, type Typed } from "./typed.ts";

/** A compiled expression; pass it to `mask`, `numbers` or `test`. Plain data. */
export interface Expression {
  readonly source: string;
  readonly result: "boolean" | "number";
  /** Item properties it reads, without duplicates, sorted. */
  readonly reads: readonly string[];
  /** Names of its parameters, without `$`. */
  readonly parameters: readonly string[];
  /** Required parameters: those it doesn't guard with `has` or `coalesce`. */
  readonly required: readonly string[];
  /** Whether it reads user, context or parameters. */
  readonly dependsOnRequest: boolean;
  /** Whether it reads the clock. */
  readonly dependsOnTime: boolean;
  readonly tree: Typed;
}

/** What an expression may use, and what it must return. */
export interface CompileOptions extends Schema {
  readonly result: "boolean" | "number";
}

/**
 * Parses an expression, checks it against a schema, and compiles it for evaluation. docs/expressions.md describes the language. Compile it
 * again when the type of a property changes, or, with `open`, when a property is added.
 *
 * @throws RecoError `bad-expression`, with the position in the source and what to do
 */
export function compile(source: string, options: CompileOptions): Expression {
  const { result } = options;
  const tree = check(source, parse(source), options, result);
  const reads = new Set<string>();
  const parameters = new Set<string>();
  const optional = new Set<string>();
  let dependsOnRequest = false;
  let dependsOnTime = false;
  const visit = (node: Typed) => {
    if (node.kind === "property") reads.add(node.name);
    if (node.kind === "scoped") dependsOnRequest = true;
    if (node.kind === "scoped" && node.root === "parameter") parameters.add(node.name);
    if (node.kind === "call" && (node.name === "now" || node.name === "age")) dependsOnTime = true;
    for (const part of partsOf(node)) {
      const asked = node.kind === "call" && (node.name === "has" || node.name === "coalesce");
      if (asked && part.kind === "scoped" && part.root === "parameter") optional.add(part.name);
      visit(part);
    }
  };
  visit(tree);
  return {
    source,
    result,
    reads: [...reads].sort(),
    parameters: [...parameters].sort(),
    required: [...parameters].filter((name) => !optional.has(name)).sort(),
    dependsOnRequest,
    dependsOnTime,
    tree,
  };
}
