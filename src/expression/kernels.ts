import { borrowNumbers, borrowTexts, type NumberKernel, returnNumbers, returnTexts, type TextKernel } from "./blocks.ts";
import { negateCondition } from "./number-loops.ts";

/** The same number for every row. */
export function constantNumber(value: number): NumberKernel {
  return (_rows, count, out) => out.fill(value, 0, count);
}

/** The same text for every row. */
export function constantText(value: string): TextKernel {
  return (_rows, count, out) => out.fill(value, 0, count);
}

/** The negation of a condition; null stays null. */
export function negated(operand: NumberKernel): NumberKernel {
  return (rows, count, out) => {
    operand(rows, count, out);
    negateCondition(out, count);
  };
}

/** A function of one number. */
export function mapped(operand: NumberKernel, map: (value: number) => number): NumberKernel {
  return (rows, count, out) => {
    operand(rows, count, out);
    for (let i = 0; i < count; i++) out[i] = map(out[i]);
  };
}

/** Applies an operator to two numbers, writing the result over the left one. */
export function combined(
  left: NumberKernel,
  right: NumberKernel,
  loop: (a: Float64Array, b: Float64Array, count: number) => void,
): NumberKernel {
  return (rows, count, out) => {
    const other = borrowNumbers();
    left(rows, count, out);
    right(rows, count, other);
    loop(out, other, count);
    returnNumbers(other);
  };
}

/** A test of two texts; null if either is null. */
export function textTest(left: TextKernel, right: TextKernel, test: (a: string, b: string) => number): NumberKernel {
  return (rows, count, out) => {
    const a = borrowTexts();
    const b = borrowTexts();
    left(rows, count, a);
    right(rows, count, b);
    for (let i = 0; i < count; i++) out[i] = a[i] === "" || b[i] === "" ? Number.NaN : test(a[i], b[i]);
    returnTexts(a);
    returnTexts(b);
  };
}

/** The first value that isn't null. */
export function coalesce([first, ...rest]: readonly NumberKernel[]): NumberKernel {
  return (rows, count, out) => {
    const other = borrowNumbers();
    first(rows, count, out);
    for (const kernel of rest) {
      kernel(rows, count, other);
      for (let i = 0; i < count; i++) if (Number.isNaN(out[i])) out[i] = other[i];
    }
    returnNumbers(other);
  };
}

/** The entries of a column. */
export function gather(values: Float64Array): NumberKernel {
  return (rows, count, out) => {
    for (let i = 0; i < count; i++) out[i] = values[rows[i]];
  };
}
