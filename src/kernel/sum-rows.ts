import { RecoError } from "../util/errors.ts";
import { checkLength } from "./arrays.ts";
import { type Backend, read, write } from "./backend.ts";
import { type SumRowsArguments, sumRowsReference } from "./reference/sum-rows.ts";

/**
 * The product of a sparse matrix and a dense one: row r of `out` is the sum of the factor rows of its entries, each times its value.
 *
 * @throws RecoError `bad-input` if shapes don't match.
 */
export function sumRows(backend: Backend, args: SumRowsArguments): void {
  const { rows, factors, dimensions, out } = args;
  if (dimensions % 4 !== 0) throw new RecoError("bad-input", `sumRows: ${dimensions} dimensions; pad them with zeros to a multiple of 4.`);
  checkLength("sumRows", "factors", factors, rows.columns * dimensions);
  checkLength("sumRows", "out", out, rows.rows * dimensions);
  if (rows.values) checkLength("sumRows", "rows.values", rows.values, rows.indices.length);
  if (backend.run === undefined) return sumRowsReference(args);
  if (rows.rows === 0) return;
  const values = rows.values === undefined ? 0 : read(rows.values);
  backend.run("sumRows", { range: rows.rows, grain: 64 }, [
    read(rows.offsets),
    read(rows.indices),
    values,
    read(factors),
    dimensions,
    write(out),
  ]);
}
