import type { ArithmeticOperator, CompareOperator } from "./syntax.ts";

/**
 * Operators on blocks of numbers. `a` is the left operand and receives the result. Null is NaN, true 1, false 0; numbers are finite. Each operator is a
 * separate loop, so that the engine compiles each one separately.
 */
type Loop = (a: Float64Array, b: Float64Array, count: number) => void;

/**
 * Number(…) of a comparison needs no branch, and an unpredictable branch costs several times as much as the rest of the loop. Adding a
 * finite number times 0 changes nothing, and null makes the result null.
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

/** By whether one operand decides, plus 2 if one is null. */
const andResults = new Float64Array([1, 0, Number.NaN, 0]);
const orResults = new Float64Array([0, 1, Number.NaN, 1]);

/** Null means "unknown": `false and null` is false, `true or null` is true, anything else with null is null (Kleene 1938). */
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

/** A result that isn't a finite number, such as 1 / 0, is null. */
export function finite(value: number): number {
  return value - value === 0 ? value : Number.NaN;
}
