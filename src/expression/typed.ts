import type { Span } from "./expression-error.ts";
import type { ArithmeticOperator, CompareOperator, Root } from "./syntax.ts";
import type { Type, ValueType } from "./value-type.ts";

/**
 * An expression after checking: every part has a type, and its operands have the types it requires. `perItem` says whether the value can
 * differ between items; everything else is computed once per evaluation.
 */
export type Typed = Span & { readonly type: Type; readonly perItem: boolean } & (
    | { readonly kind: "constant"; readonly value: number | string | boolean | null }
    | { readonly kind: "property"; readonly name: string; readonly type: ValueType }
    | { readonly kind: "scoped"; readonly root: Root; readonly name: string }
    | { readonly kind: "list"; readonly items: readonly Typed[] }
    | { readonly kind: "not" | "negate"; readonly operand: Typed }
    | { readonly kind: "and" | "or"; readonly left: Typed; readonly right: Typed }
    | { readonly kind: "compare"; readonly operator: CompareOperator; readonly left: Typed; readonly right: Typed }
    | { readonly kind: "in"; readonly negated: boolean; readonly left: Typed; readonly right: Typed }
    | { readonly kind: "arithmetic"; readonly operator: ArithmeticOperator; readonly left: Typed; readonly right: Typed }
    | { readonly kind: "if"; readonly condition: Typed; readonly consequence: Typed; readonly otherwise: Typed }
    | { readonly kind: "call"; readonly name: string; readonly arguments: readonly Typed[] }
  );

/** The operands of a part. */
export function partsOf(node: Typed): readonly Typed[] {
  switch (node.kind) {
    case "constant":
    case "property":
    case "scoped":
      return [];
    case "list":
      return node.items;
    case "call":
      return node.arguments;
    case "not":
    case "negate":
      return [node.operand];
    case "if":
      return [node.condition, node.consequence, node.otherwise];
    default:
      return [node.left, node.right];
  }
}
