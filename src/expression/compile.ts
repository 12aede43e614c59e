import { check, type Schema } from "./check.ts";
import { parse } from "./parse.ts";
import { partsOf, type Typed } from "./typed.ts";

/** An expression ready for evaluation: see `mask`, `numbers` and `test`. Plain data. */
export interface Expression {
  readonly source: string;
  readonly result: "boolean" | "number";
  /** Item properties it looks at, each once, sorted. */
  readonly reads: readonly string[];
  /** Names of its parameters, without `$`. */
  readonly parameters: readonly string[];
  /** Parameters that have to be given: those it never asks after with `has` or `coalesce`. */
  readonly required: readonly string[];
  /** Whether it looks at user, context or parameters. */
  readonly dependsOnRequest: boolean;
  /** Whether it looks at the clock. */
  readonly dependsOnTime: boolean;
  readonly tree: Typed;
}

/** What an expression may speak of, and what it has to give. */
export interface CompileOptions extends Schema {
  readonly result: "boolean" | "number";
}

/**
 * Parses an expression, checks it against a schema, and gives it ready for evaluation. The language is described in
 * docs/expressions.md. Compile again when the type of a property changes, or with `open` when one is added.
 *
 * @throws RecoError `bad-expression`, with the place in the source and what to do
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
