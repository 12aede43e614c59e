import fc from "fast-check";
import { expect, it } from "vitest";
import { csrFromCoordinates } from "../data/csr.ts";
import { Dataset } from "../data/dataset.ts";
import { Catalog } from "./catalog.ts";
import { metrics } from "./index.gen.ts";
import { intraListDistance } from "./intra-list-distance.ts";
import type { ListMetric } from "./metric.ts";

const bits = fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 1, maxLength: 12 });

it("accuracy stays in [0, 1] and never decreases when a hit moves up one rank", () => {
  const catalog = new Catalog(Dataset.fromRows(Array.from({ length: 20 }, (_, item) => ({ user: item % 3, item }))));
  const accuracy = Object.values(metrics).flatMap((metric): ListMetric[] => (metric.over === "list" && metric.accuracy ? [metric] : []));
  fc.assert(
    fc.property(bits, fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 5 }), (places, k, missed) => {
      const found = places.reduce((sum, bit) => sum + bit, 0);
      const relevant = new Uint32Array(found + missed);
      if (relevant.length === 0) return;
      const items = Uint32Array.from(places.keys());
      const at = places.findIndex((bit, i) => bit === 1 && i > 0 && places[i - 1] === 0);
      const better = [...places];
      if (at > 0) [better[at - 1], better[at]] = [1, 0];
      for (const metric of accuracy) {
        if (metric.name === "serendipity") continue;
        const measure = metric.measure(catalog);
        const history = new Uint32Array(0);
        const value = measure({ items, hits: Uint8Array.from(places), relevant, history }, k);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1 + 1e-12);
        expect(measure({ items, hits: Uint8Array.from(better), relevant, history }, k)).toBeGreaterThanOrEqual(value);
      }
    }),
  );
});

it("the intra-list distance equals the mean over all pairs", () => {
  const sets = fc.array(fc.uniqueArray(fc.integer({ min: 0, max: 5 }), { maxLength: 5 }), { minLength: 2, maxLength: 8 });
  fc.assert(
    fc.property(sets, (rows) => {
      const row = Uint32Array.from(rows.flatMap((set, r) => set.map(() => r)));
      const matrix = csrFromCoordinates(rows.length, 6, row, Uint32Array.from(rows.flat()));
      const measure = intraListDistance(matrix);
      const empty = new Uint32Array(0);
      const judged = { items: Uint32Array.from(rows.keys()), hits: new Uint8Array(rows.length), relevant: empty, history: empty };
      const kept = rows.filter((set) => set.length > 0);
      let sum = 0;
      for (let a = 0; a < kept.length; a++)
        for (let b = a + 1; b < kept.length; b++)
          sum += 1 - kept[a].filter((x) => kept[b].includes(x)).length / Math.sqrt(kept[a].length * kept[b].length);
      const expected = kept.length < 2 ? Number.NaN : sum / ((kept.length * (kept.length - 1)) / 2);
      // Twice, because the scratch array must be clean after the first call.
      for (let time = 0; time < 2; time++) {
        const value = measure(judged, rows.length);
        if (Number.isNaN(expected)) expect(value).toBeNaN();
        else expect(value).toBeCloseTo(expected, 10);
      }
    }),
  );
});

it("auc equals the count over all pairs", () => {
  const scores = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 2, maxLength: 15 });
  fc.assert(
    fc.property(scores, fc.nat(), (values, seed) => {
      const kinds = values.map((_, i) => (seed >> (i % 15)) % 3);
      const of = (kind: number) => Uint32Array.from(values.keys()).filter((i) => kinds[i] === kind);
      const [negative, relevant, seen] = [of(0), of(1), of(2)];
      let wins = 0;
      for (const p of relevant) for (const n of negative) wins += values[p] > values[n] ? 1 : values[p] === values[n] ? 0.5 : 0;
      const auc = metrics.auc.measure(Float32Array.from(values), relevant, seen);
      if (relevant.length * negative.length === 0) expect(auc).toBeNaN();
      else expect(auc).toBeCloseTo(wins / (relevant.length * negative.length), 12);
    }),
  );
});
