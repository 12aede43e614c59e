import { RecoError } from "../util/errors.ts";
import { checkLength } from "./arrays.ts";
import type { SparseRows } from "./sparse-rows.ts";

/** @throws RecoError `bad-input` if the arrays of a sparse matrix don't match. */
export function checkSparse(kernel: string, name: string, matrix: SparseRows): void {
  const { rows, columns, offsets, indices, values } = matrix;
  checkLength(kernel, `${name}.offsets`, offsets, rows + 1);
  checkLength(kernel, `${name}.indices`, indices, offsets[rows]);
  checkLength(kernel, `${name}.values`, values, offsets[rows]);
  if (columns > 0x7ffffff0) throw new RecoError("bad-input", `${kernel}: \`${name}\` has ${columns} columns, more than kernels support.`);
}

/** @throws RecoError `bad-input` if `left * right` is undefined because of their shapes. */
export function checkProduct(kernel: string, leftName: string, left: SparseRows, rightName: string, right: SparseRows): void {
  checkSparse(kernel, leftName, left);
  checkSparse(kernel, rightName, right);
  if (left.columns !== right.rows)
    throw new RecoError(
      "bad-input",
      `${kernel}: \`${leftName}\` has ${left.columns} columns, but \`${rightName}\` has ${right.rows} rows.`,
    );
}

/** The values, or undefined if all are 1, which saves kernels reading and multiplying. */
export function valuesUnlessOnes(values: Float32Array): Float32Array | undefined {
  for (let i = 0; i < values.length; i++) if (values[i] !== 1) return values;
  return undefined;
}
