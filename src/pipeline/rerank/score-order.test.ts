import fc from "fast-check";
import { expect, it } from "vitest";
import { orderByScore } from "./score-order.ts";

it("orders scores like a stable sort, with NaN last", () => {
  const score = fc.oneof(fc.float(), fc.constantFrom(0, -0, 1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY));
  fc.assert(
    fc.property(fc.array(score, { maxLength: 40 }), (values) => {
      const scores = Float32Array.from(values);
      const rank = (value: number) => (Number.isNaN(value) ? 1 : 0);
      const wanted = [...scores.keys()].sort((a, b) => {
        if (rank(scores[a]) !== rank(scores[b])) return rank(scores[a]) - rank(scores[b]);
        return scores[b] > scores[a] ? 1 : scores[b] < scores[a] ? -1 : a - b;
      });
      expect([...orderByScore(scores)]).toEqual(wanted);
    }),
    { numRuns: 1000 },
  );
});
