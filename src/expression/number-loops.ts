import type { ArithmeticOperator, CompareOperator } from "./syntax.ts";

/**
 * The operators on blocks of numbers, `a` on the left and in place of the result. Null is NaN, true 1, false 0; numbers are finite. Each is a loop of its own
 * so that the engine compiles each for itself.
 */
type Loop = (a: Float64Array, b: Float64Array, count: number) => void;

/**
 * Number(…) of a comparison needs no branch, and a branch that falls either way at random costs as much as the rest of the loop several
 * times over. A finite number times 0 adds nothing, and null makes null.
 */
export const compareLoops: Readonly<Record<CompareOperator, Loop>> = {
  "="(a, b, count) {
    for (let i = 0; i < count; i++) a[i] = Number(a[i] === b[i]) + a[i] * 0 + b[i] * 0;
  },
  "!="(a, b, count) {
    for (let i = 0; i < count; i++) a[i] = Number(a[i] !== b[i]) + a[i] * 0 + b[i] * 0;
  },
  "<"(a, b, count) {
    for (let i = 0; i < count; i++) a[i] = Number(a[i] < b[i]) + a[i] * 0 + b[i] * 0;
  },
  "<="(a, b, count) {
    for (let i = 0; i < count; i++) a[i] = Number(a[i] <= b[i]) + a[i] * 0 + b[i] * 0;
  },
  ">"(a, b, count) {
    for (let i = 0; i < count; i++) a[i] = Number(a[i] > b[i]) + a[i] * 0 + b[i] * 0;
  },
  ">="(a, b, count) {
    for (let i = 0; i < count; i++) a[i] = Number(a[i] >= b[i]) + a[i] * 0 + b[i] * 0;
  },
};

/** By whether one operand decides, plus 2 when one is null. */
const andResults = new Float64Array([1, 0, Number.NaN, 0]);
const orResults = new Float64Array([0, 1, Number.NaN, 1]);

/** Null is "not known": `false and null` is false, `true or null` is true, all else with null is null (Kleene 1938). */
export const logicLoops: Readonly<Record<"and" | "or", Loop>> = {
  and(a, b, count) {
    for (let i = 0; i < count; i++) {
      const decided = Number(a[i] === 0) | Number(b[i] === 0);
      a[i] = andResults[decided | (Number(Number.isNaN(a[i] + b[i])) << 1)];
    }
  },
  or(a, b, count) {
    for (let i = 0; i < count; i++) {
      const decided = Number(a[i] === 1) | Number(b[i] === 1);
      a[i] = orResults[decided | (Number(Number.isNaN(a[i] + b[i])) << 1)];
    }
  },
};

export const arithmeticLoops: Readonly<Record<ArithmeticOperator, Loop>> = {
  "+"(a, b, count) {
    for (let i = 0; i < count; i++) a[i] = finite(a[i] + b[i]);
  },
  "-"(a, b, count) {
    for (let i = 0; i < count; i++) a[i] = finite(a[i] - b[i]);
  },
  "*"(a, b, count) {
    for (let i = 0; i < count; i++) a[i] = finite(a[i] * b[i]);
  },
  "/"(a, b, count) {
    for (let i = 0; i < count; i++) a[i] = finite(a[i] / b[i]);
  },
  "%"(a, b, count) {
    for (let i = 0; i < count; i++) a[i] = finite(a[i] % b[i]);
  },
};

export function negateCondition(a: Float64Array, count: number): void {
  for (let i = 0; i < count; i++) a[i] = 1 - a[i];
}

/** A result that is not a number, such as 1 / 0, is null. */
export function finite(value: number): number {
  return value - value === 0 ? value : Number.NaN;
}
