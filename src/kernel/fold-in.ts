import { RecoError } from "../util/errors.ts";
import { checkLength } from "./arrays.ts";
import { type Backend, read, update } from "./backend.ts";
import { type FoldInArguments, foldInReference } from "./reference/fold-in.ts";
import type { WeightedRows } from "./sparse-rows.ts";

/** Rows that a thread takes at a time. The longest rows come first, so that no thread is left with a long one at the end. */
const GRAIN = 32;
/** Bytes of factor rows that a thread keeps together: about half an L2 cache. */
const PANEL_BYTES = 393_216;
/** BATCH and DESCRIPTION of assembly/fold-in-batch.ts. */
const BATCH = 16;
const DESCRIPTION = 16;

/**
 * Solves one ridge regression per sparse row, all over the same factors: for row r the vector x that minimizes
 *
 *     sum over entries (w, t, v) of w (t - v . x)^2  +  x' G x  +  lambda_r |x|^2
 *
 * where v is the factor row of the entry's column. This is the half-step of alternating least squares, and the fold-in of a history. With G the
 * weighted Gram matrix of all factors, it is the implicit-feedback case (Hu, Koren and Volinsky 2008).
 *
 * The result is the same on any number of threads, and for a row alone or among others.
 *
 * Cost in multiply-adds, for a row with n entries and k dimensions: `cholesky` n k^2 / 2 + k^3 / 6, `conjugate-gradient` (2 n k + k^2) per step,
 * `blocks` of b dimensions n k (b / 2 + 2) + k^2 + k b^2 / 6 per sweep.
 *
 * @throws RecoError `bad-input` if shapes don't match.
 */
export function foldIn(backend: Backend, args: FoldInArguments): void {
  const { rows, targets, factors, dimensions: k, gram, regularization, out, warm = false, centered = false, solver } = args;
  if (k % 4 !== 0) throw new RecoError("bad-input", `foldIn: ${k} dimensions; pad them with zeros to a multiple of 4.`);
  if (solver.method === "blocks" && solver.size % 4 !== 0)
    throw new RecoError("bad-input", `foldIn: blocks of ${solver.size} dimensions; use a multiple of 4.`);
  checkLength("foldIn", "factors", factors, rows.columns * k);
  checkLength("foldIn", "regularization", regularization, rows.rows);
  checkLength("foldIn", "out", out, rows.rows * k);
  if (rows.values) checkLength("foldIn", "rows.values", rows.values, rows.indices.length);
  if (targets) checkLength("foldIn", "targets", targets, rows.indices.length);
  if (centered && !warm) throw new RecoError("bad-input", "foldIn: `centered` needs `warm`, the point to pull toward.");
  if (gram) checkLength("foldIn", "gram", gram, k * k);
  if (backend.run === undefined) return foldInReference(args);
  if (rows.rows === 0 || k === 0) return;

  const { order, longest } = longestFirst(rows);
  const panelRows = Math.max(BATCH, Math.floor(PANEL_BYTES / (k * 4)));
  // Slots for the addresses of a batch: either one long row, or rows that share the panel. Each row's list is padded to a multiple of 4.
  const slots = Math.max(longest, panelRows) + 4 * BATCH;
  const optional = (array: Float32Array | undefined) => (array === undefined ? 0 : read(array));
  const common = [
    ...[read(rows.offsets), read(rows.indices), optional(rows.values), optional(targets), read(order), read(factors), k],
    ...[optional(gram), read(regularization), update(out), Number(warm), Number(centered), panelRows, slots],
  ];
  const head = BATCH * (DESCRIPTION + 8) + k * 4;
  const panel = slots * 8 + panelRows * k * 4;
  if (solver.method === "conjugate-gradient") {
    const scratch = head + 5 * BATCH * k * 4 + panel;
    backend.run("foldInConjugate", { range: rows.rows, grain: GRAIN, scratch }, [...common, solver.steps, solver.tolerance ?? 1e-4]);
  } else {
    const size = solver.method === "blocks" ? Math.min(solver.size, k) : k;
    const sweeps = solver.method === "blocks" ? solver.sweeps : 1;
    const scratch = head + 3 * BATCH * k * 4 + k * 4 + (size + 4) ** 2 * 4 + panel;
    backend.run("foldInBlocks", { range: rows.rows, grain: GRAIN, scratch }, [...common, sweeps, size]);
  }
}

/** Row numbers by descending number of entries, by a counting sort. */
function longestFirst({ rows, offsets }: WeightedRows): { order: Uint32Array; longest: number } {
  let longest = 0;
  for (let row = 0; row < rows; row++) longest = Math.max(longest, offsets[row + 1] - offsets[row]);
  const starts = new Uint32Array(longest + 2);
  for (let row = 0; row < rows; row++) starts[longest - (offsets[row + 1] - offsets[row]) + 1]++;
  for (let i = 0; i <= longest; i++) starts[i + 1] += starts[i];
  const order = new Uint32Array(rows);
  for (let row = 0; row < rows; row++) order[starts[longest - (offsets[row + 1] - offsets[row])]++] = row;
  return { order, longest };
}
