import type { Span } from "./expression-error.ts";

export type CompareOperator = "=" | "!=" | "<" | "<=" | ">" | ">=";
export type ArithmeticOperator = "+" | "-" | "*" | "/" | "%";

/** Where a name is looked up: the user's properties, the context of the request, its parameters. */
export type Root = "user" | "context" | "parameter";

/** A parsed expression, before types are known. */
export type Syntax = Span &
  (
    | { readonly kind: "constant"; readonly value: number | string | boolean | null }
    | { readonly kind: "property"; readonly name: string }
    | { readonly kind: "scoped"; readonly root: Root; readonly name: string }
    | { readonly kind: "list"; readonly items: readonly Syntax[] }
    | { readonly kind: "not" | "negate"; readonly operand: Syntax }
    | { readonly kind: "and" | "or"; readonly left: Syntax; readonly right: Syntax }
    | { readonly kind: "compare"; readonly operator: CompareOperator; readonly left: Syntax; readonly right: Syntax }
    | { readonly kind: "in"; readonly negated: boolean; readonly left: Syntax; readonly right: Syntax }
    | { readonly kind: "arithmetic"; readonly operator: ArithmeticOperator; readonly left: Syntax; readonly right: Syntax }
    | { readonly kind: "if"; readonly condition: Syntax; readonly consequence: Syntax; readonly otherwise: Syntax }
    | { readonly kind: "call"; readonly name: string; readonly arguments: readonly Syntax[] }
  );

type Without<Node, Key extends PropertyKey> = Node extends unknown ? Omit<Node, Key> : never;

/** A node without its position. */
export type Unplaced = Without<Syntax, keyof Span>;
