import type { FeatureTable } from "../data/features.ts";
import { RecoError } from "../util/errors.ts";
import { bindNumber } from "./bind.ts";
import { BLOCK, borrowNumbers, oneNumber, returnNumbers } from "./blocks.ts";
import type { Expression } from "./compile.ts";
import type { Scope } from "./scope.ts";
import type { Typed } from "./typed.ts";

/**
 * Writes 1 for each of the items 0 to `size` for which a filter is true, and 0 for the others, including those for which it is null. With
 * `and`, items whose entry is already 0 stay 0 and are not evaluated.
 *
 * @param columns may have room for more than `size` items
 * @param out at least `size` entries
 * @throws RecoError `bad-input` if a parameter is missing or has the wrong type
 */
export function mask(
  expression: Expression,
  columns: FeatureTable,
  size: number,
  scope: Scope,
  out: Uint8Array,
  { and = false }: { readonly and?: boolean } = {},
): void {
  requireParameters(expression, scope);
  // Conditions that must all hold are evaluated in turn, each on the items that passed the ones before.
  const kernels = conjuncts(expression.tree).map((part) => bindNumber(part, { columns, scope }));
  const rows = new Uint32Array(BLOCK);
  const values = borrowNumbers();
  for (let start = 0; start < size; start += BLOCK) {
    const end = Math.min(size, start + BLOCK);
    let count = 0;
    for (let row = start; row < end; row++) {
      rows[count] = row;
      count += and ? Number(out[row] !== 0) : 1;
    }
    for (const kernel of kernels) {
      if (count === 0) break;
      kernel(rows, count, values);
      let kept = 0;
      for (let i = 0; i < count; i++) {
        rows[kept] = rows[i];
        // Branch-free, because a branch would be unpredictable.
        kept += Number(values[i] === 1);
      }
      count = kept;
    }
    out.fill(0, start, end);
    for (let i = 0; i < count; i++) out[rows[i]] = 1;
  }
  returnNumbers(values);
}

/**
 * Writes the number for each of `items` into `out`, NaN for null.
 *
 * @throws RecoError `bad-input` if a parameter is missing or has the wrong type
 */
export function numbers(expression: Expression, columns: FeatureTable, items: Uint32Array, scope: Scope, out: Float64Array): void {
  requireParameters(expression, scope);
  const kernel = bindNumber(expression.tree, { columns, scope });
  const values = borrowNumbers();
  for (let start = 0; start < items.length; start += BLOCK) {
    const count = Math.min(BLOCK, items.length - start);
    kernel(items.subarray(start, start + count), count, values);
    for (let i = 0; i < count; i++) out[start + i] = values[i];
  }
  returnNumbers(values);
}

/**
 * Whether a condition on user, context and parameters is true.
 *
 * @throws RecoError `bad-expression` if it reads item properties, `bad-input` if a parameter is missing or has the wrong type
 */
export function test(expression: Expression, scope: Scope): boolean {
  const { reads, source, tree } = expression;
  if (reads.length > 0) {
    throw new RecoError(
      "bad-expression",
      `"${source}" reads the item property ${reads[0]}, but no item is available here. Use user, context and parameters.`,
    );
  }
  requireParameters(expression, scope);
  return oneNumber(bindNumber(tree, { columns: {}, scope })) === 1;
}

/** The parts of a condition that must all hold. */
export function conjuncts(node: Typed): Typed[] {
  return node.kind === "and" ? [...conjuncts(node.left), ...conjuncts(node.right)] : [node];
}

function requireParameters({ required, source }: Expression, { parameters = {} }: Scope): void {
  for (const name of required) {
    if (Object.hasOwn(parameters, name) && parameters[name] !== undefined) continue;
    const optional = `make it optional with has($${name}) or coalesce($${name}, …)`;
    throw new RecoError("bad-input", `The parameter $${name} of "${source}" is missing. Provide it, or ${optional}.`);
  }
}
