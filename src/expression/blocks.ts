/**
 * Expressions are evaluated in blocks of rows: each part fills one array for the whole block in a tight loop, and the arrays stay in the L1
 * cache.
 */
export const BLOCK = 1024;

/** Writes the values of `count` rows into `out`: booleans as 0 and 1, null as NaN. */
export type NumberKernel = (rows: Uint32Array, count: number, out: Float64Array) => void;

/** Writes the texts of `count` rows into `out`, null as "". */
export type TextKernel = (rows: Uint32Array, count: number, out: string[]) => void;

const freeNumbers: Float64Array[] = [];
const freeTexts: string[][] = [];

/** A block of numbers to write to; return it after use. Evaluation never overlaps with other code, so all share one pool. */
export function borrowNumbers(): Float64Array {
  return freeNumbers.pop() ?? new Float64Array(BLOCK);
}

export function returnNumbers(block: Float64Array): void {
  freeNumbers.push(block);
}

export function borrowTexts(): string[] {
  return freeTexts.pop() ?? new Array<string>(BLOCK).fill("");
}

export function returnTexts(block: string[]): void {
  freeTexts.push(block);
}

const oneRow = new Uint32Array(1);

/** The value of one row. */
export function oneNumber(kernel: NumberKernel, row = 0): number {
  const out = borrowNumbers();
  oneRow[0] = row;
  kernel(oneRow, 1, out);
  returnNumbers(out);
  return out[0];
}

/** The text of one row. */
export function oneText(kernel: TextKernel, row = 0): string {
  const out = borrowTexts();
  oneRow[0] = row;
  kernel(oneRow, 1, out);
  returnTexts(out);
  return out[0];
}
