import type { Expression } from "../expression/compile.ts";
import { type Scope, scopeValue } from "../expression/scope.ts";
import { partsOf, type Typed } from "../expression/typed.ts";

type Scoped = Extract<Typed, { kind: "scoped" }>;

const looks = new WeakMap<Expression, readonly Scoped[]>();

/** What an expression sees of a scope, as text: it gives the same for requests with the same key. The clock is not in it. */
export function scopeKey(expression: Expression, scope: Scope): string {
  let scoped = looks.get(expression);
  if (scoped === undefined) {
    scoped = scopedParts(expression.tree);
    looks.set(expression, scoped);
  }
  return JSON.stringify(scoped.map((part) => scopeValue(part, scope)));
}

function scopedParts(node: Typed): Scoped[] {
  return node.kind === "scoped" ? [node] : partsOf(node).flatMap(scopedParts);
}
