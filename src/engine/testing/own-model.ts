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
