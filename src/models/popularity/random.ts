import { defineModel } from "../../model/define-model.ts";

/**
 * Every item in random order: the minimum that any model has to beat, and a way to collect unbiased feedback.
 *
 * The order depends only on the seed of the fit and on the history, so a history always gets the same list, and different histories get
 * different ones. Scores are uniform in [0, 1). Costs nothing to fit.
 */
export const random = defineModel({
  name: "random",
  family: "popularity",
  ignoresHistory: true,
  options: {},
  fit(data, _options, { seed }) {
    return { items: data.items.size, seed: seed >>> 0 };
  },
  score({ items, seed }, histories, out) {
    const { rows, offsets, indices } = histories.bag();
    for (let row = 0; row < rows; row++) {
      let key = mix(seed);
      for (let e = offsets[row]; e < offsets[row + 1]; e++) key = mix(key ^ indices[e]);
      for (let item = 0; item < items; item++) out[row * items + item] = (mix(key + Math.imul(item, 0x9e3779b9)) >>> 8) / 2 ** 24;
    }
  },
  update({ seed }, data) {
    return { items: data.items.size, seed };
  },
});

/** A bijective scrambling of 32 bits: the finalizer of MurmurHash3 (Appleby 2011). */
function mix(bits: number): number {
  let z = (bits + 0x9e3779b9) | 0;
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return (z ^ (z >>> 16)) >>> 0;
}
