import type { Csr } from "../../data/csr.ts";
import type { Backend } from "../../kernel/backend.ts";
import { foldIn } from "../../kernel/fold-in.ts";

export interface InfluenceArguments {
  /** One history; values are weights. */
  readonly history: Omit<Csr, "values"> & { readonly values?: Float32Array };
  readonly item: number;
  /** Row-major, items x dimensions. */
  readonly factors: Float32Array;
  readonly dimensions: number;
  readonly gram?: Float32Array;
  /** The penalty of this history. */
  readonly regularization: number;
}

/**
 * How much the score of an item changes when the target of a history entry changes by 1, for each entry: `w_e v_e . z` with `A z = q`, for
 * the matrix A of the fold-in and the item's vector q (Hu, Koren and Volinsky 2008, section 5).
 *
 * Adding the item itself as an extra entry makes q the right side of a fold-in. The formula of Sherman and Morrison (1950) then removes what the
 * extra entry added to A.
 */
export function influence(
  backend: Backend,
  { history, item, factors, dimensions, gram, regularization }: InfluenceArguments,
): Float32Array {
  const n = history.indices.length;
  const weights = new Float32Array(n + 1).fill(1);
  if (history.values !== undefined) weights.set(history.values);
  const targets = new Float32Array(n + 1);
  targets[n] = 1;
  const indices = new Uint32Array(n + 1);
  indices.set(history.indices);
  indices[n] = item;
  const z = new Float32Array(dimensions);
  foldIn(backend, {
    ...{ rows: { rows: 1, columns: history.columns, offsets: Uint32Array.of(0, n + 1), indices, values: weights }, targets },
    ...{ factors: backend.resident(factors), dimensions, ...(gram && { gram }), regularization: Float32Array.of(regularization), out: z },
    solver: { method: "cholesky" },
  });
  const product = (row: number) => {
    let sum = 0;
    for (let d = 0; d < dimensions; d++) sum += factors[row * dimensions + d] * z[d];
    return sum;
  };
  const scale = 1 / (1 - product(item));
  return Float32Array.from(history.indices, (index, e) => weights[e] * product(index) * scale);
}
