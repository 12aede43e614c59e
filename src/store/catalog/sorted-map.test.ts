import fc from "fast-check";
import { expect, test } from "vitest";
import { SortedMap } from "./sorted-map.ts";

test("a sorted map answers as a map and a sort do", () => {
  const key = fc.constantFrom(..."abcdefghij", "ä", "🧀", "B", "");
  const step = fc.oneof(
    fc.record({ set: key }),
    fc.record({ remove: key }),
    fc.record({ after: fc.option(key, { nil: undefined }), limit: fc.nat(5) }),
  );
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const map = new SortedMap<number>();
      const model = new Map<string, number>();
      steps.forEach((next, i) => {
        if ("set" in next) {
          map.set(next.set, i);
          model.set(next.set, i);
        } else if ("remove" in next) expect(map.delete(next.remove)).toBe(model.delete(next.remove));
        else {
          const { after, limit } = next;
          const keys = [...model.keys()].sort().filter((one) => after === undefined || one > after);
          expect(map.page(after, limit)).toEqual(keys.slice(0, limit).map((one) => ({ key: one, value: model.get(one) })));
        }
        expect(map.size).toBe(model.size);
      });
    }),
  );
});
