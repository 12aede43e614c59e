import assert from "node:assert/strict";
import type { ModelFactory } from "../../model/define-model.ts";
import type { Recommendation } from "../../model/model.ts";

/** One check that every model must pass. `run` throws if it fails. */
export interface ModelCheck {
  /** What it proves, as the title of a test. */
  readonly name: string;
  run(factory: ModelFactory): Promise<void>;
}

/** Asserts that two lists have the same scores, and the same items except among ties. */
export function sameList(a: readonly Recommendation[], b: readonly Recommendation[]): void {
  assert.equal(a.length, b.length);
  a.forEach((entry, i) => {
    close(entry.score, b[i].score, `place ${i}`);
    const neighbors = [a[i - 1], a[i + 1]].some(
      (other) => other !== undefined && Math.abs(other.score - entry.score) <= 1e-5 * Math.abs(entry.score),
    );
    if (!neighbors && i + 1 < a.length) assert.equal(entry.item, b[i].item);
  });
}

/** Asserts that two scores agree up to rounding. */
export function close(a: number, b: number, what: string): void {
  assert.ok(Math.abs(a - b) <= 1e-4 * Math.max(1e-3, Math.abs(a), Math.abs(b)), `${what}: ${a} and ${b}`);
}
