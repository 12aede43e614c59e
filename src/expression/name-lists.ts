import type { FeatureColumn } from "../data/features.ts";
import { borrowTexts, type NumberKernel, returnTexts, type TextKernel } from "./blocks.ts";
import { codesByName, codeTable } from "./category-codes.ts";

type CategoriesColumn = Extract<FeatureColumn, { type: "categories" }>;

/** A list of names: the same for every item, or a column. A missing list is empty. */
export type NameList = ReadonlySet<string> | CategoriesColumn;

function isSet(list: NameList): list is ReadonlySet<string> {
  return list instanceof Set;
}

export function countNames(list: NameList): NumberKernel {
  if (isSet(list)) return (_rows, count, out) => out.fill(list.size, 0, count);
  const { offsets } = list;
  return (rows, count, out) => {
    for (let i = 0; i < count; i++) out[i] = offsets[rows[i] + 1] - offsets[rows[i]];
  };
}

/** Whether each item's own text is in the list; null if there is no text. */
export function textInList(text: TextKernel, list: NameList): NumberKernel {
  return (rows, count, out) => {
    const texts = borrowTexts();
    text(rows, count, texts);
    if (isSet(list)) {
      for (let i = 0; i < count; i++) out[i] = texts[i] === "" ? Number.NaN : list.has(texts[i]) ? 1 : 0;
    } else {
      const { offsets, codes } = list;
      const byName = codesByName(list.names);
      for (let i = 0; i < count; i++) {
        const code = byName.get(texts[i]);
        let found = texts[i] === "" ? Number.NaN : 0;
        if (code !== undefined && found === 0) {
          const end = offsets[rows[i] + 1];
          for (let at = offsets[rows[i]]; at < end; at++) if (codes[at] === code) found = 1;
        }
        out[i] = found;
      }
    }
    returnTexts(texts);
  };
}

/** Number of names that both lists contain. */
export function overlap(a: NameList, b: NameList): NumberKernel {
  if (isSet(a) && isSet(b)) {
    let shared = 0;
    for (const name of a) if (b.has(name)) shared++;
    return (_rows, count, out) => out.fill(shared, 0, count);
  }
  if (isSet(a)) return overlap(b, a);
  if (isSet(b)) return overlapConstant(a, b);
  return overlapColumns(a, b);
}

function overlapConstant({ offsets, codes, names }: CategoriesColumn, wanted: ReadonlySet<string>): NumberKernel {
  const table = codeTable(names, wanted);
  return (rows, count, out) => {
    for (let i = 0; i < count; i++) {
      const end = offsets[rows[i] + 1];
      let shared = 0;
      for (let at = offsets[rows[i]]; at < end; at++) shared += table[codes[at]];
      out[i] = shared;
    }
  };
}

function overlapColumns(a: CategoriesColumn, b: CategoriesColumn): NumberKernel {
  const byName = codesByName(a.names);
  const none = a.names.length;
  const translated = Uint32Array.from(b.names, (name) => byName.get(name) ?? none);
  // The last row that marked each code, so that marks need no clearing between rows.
  const marks = new Float64Array(none + 1).fill(-1);
  let mark = 0;
  return (rows, count, out) => {
    for (let i = 0; i < count; i++) {
      mark++;
      let shared = 0;
      for (let at = b.offsets[rows[i]]; at < b.offsets[rows[i] + 1]; at++) marks[translated[b.codes[at]]] = mark;
      for (let at = a.offsets[rows[i]]; at < a.offsets[rows[i] + 1]; at++) if (marks[a.codes[at]] === mark) shared++;
      out[i] = shared;
    }
  };
}
