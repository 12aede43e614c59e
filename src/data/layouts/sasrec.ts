import { RecoError } from "../../util/errors.ts";
import { inFolder } from "./files.ts";
import type { Layout } from "./layout.ts";
import { readHistories } from "./read-histories.ts";

/**
 * The files of SASRec (Kang and McAuley 2018): a line an interaction, the lines of a user in the order of time. Files that give all items
 * of a user on one line, in that order (S3-Rec, Zhou et al. 2020), are read as well.
 */
export const sasrec: Layout = {
  name: "sasrec",
  about: "file of lines of a user and an item (or several), in the order of time; spaces",
  repeats: "all",
  async load(source, options) {
    const { stat } = await import("node:fs/promises");
    const folder = (await stat(source).catch(() => undefined))?.isDirectory() ? await onlyTextFile(source) : source;
    const { path } = await inFolder(folder, "", this.name);
    return readHistories(path, options, this.name, { ordered: true });
  },
};

/** A folder of this layout holds one data set, under its own name. */
async function onlyTextFile(folder: string): Promise<string> {
  const { readdir } = await import("node:fs/promises");
  const texts = (await readdir(folder)).filter((name) => /\.txt(\.gz)?$/i.test(name)).sort();
  if (texts.length === 1) return `${folder}/${texts[0]}`;
  const found = texts.length === 0 ? "none" : texts.join(", ");
  throw new RecoError("bad-input", `One .txt file is expected in ${folder}, but there is ${found}. Name the file itself.`);
}
