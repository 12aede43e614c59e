import { MISSING } from "../../data/features.ts";
import { defineModel } from "../../model/define-model.ts";

/** Recommends the items that come right after those of the history in the vocabulary: easy to tell from every built-in model. */
export const nextInLine = defineModel({
  name: "next-in-line",
  family: "example",
  options: {},
  fit: (data) => ({ items: data.items.size }),
  score({ items }, { rows, offsets, item }, out) {
    out.fill(0);
    for (let row = 0; row < rows; row++)
      for (let e = offsets[row]; e < offsets[row + 1]; e++) out[row * items + ((item[e] + 1) % items)] += 1;
  },
});

/** Recommends what has the color of the newest item of the history: it needs item features and the order of events. */
export const sameColor = defineModel({
  name: "same-color",
  family: "example",
  options: {},
  needs: ["order", "itemFeatures"],
  suits: ({ catalog }) => ({ options: {}, seconds: 0.001, bytes: 4 * catalog }),
  fit({ itemFeatures: { color }, items }) {
    if (color?.type !== "category" || color.codes.length !== items.size) throw new Error("The color of items is missing.");
    return { colors: color.codes };
  },
  score({ colors }, { rows, offsets, item }, out) {
    out.fill(0);
    for (let row = 0; row < rows; row++) {
      const newest = offsets[row + 1] > offsets[row] ? colors[item[offsets[row + 1] - 1]] : MISSING;
      if (newest !== MISSING) for (let i = 0; i < colors.length; i++) if (colors[i] === newest) out[row * colors.length + i] = 1;
    }
  },
});
