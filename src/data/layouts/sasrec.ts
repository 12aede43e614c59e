import { RecoError } from "../../util/errors.ts";
import { inFolder, type Layout } from "./layout.ts";
import { readHistories } from "./read-histories.ts";

/**
 * The files of SASRec (Kang and McAuley 2018): one line per interaction, the lines of each user in time order. Files with all items of a user on
 * one line, in that order (S3-Rec, Zhou et al. 2020), work too.
 */
export const sasrec: Layout = {
  name: "sasrec",
  about: "file whose lines have a user and an item (or several), in time order, separated by spaces",
  repeats: "all",
  async load(source, options) {
    const { stat } = await import("node:fs/promises");
    const folder = (await stat(source).catch(() => undefined))?.isDirectory() ? await onlyTextFile(source) : source;
    const { path } = await inFolder(folder, "", this.name);
    return readHistories(path, options, this.name, { ordered: true });
  },
};

/** A folder with this layout contains one data set, under its own name. */
async function onlyTextFile(folder: string): Promise<string> {
  const { readdir } = await import("node:fs/promises");
  const texts = (await readdir(folder)).filter((name) => /\.txt(\.gz)?$/i.test(name)).sort();
  if (texts.length === 1) return `${folder}/${texts[0]}`;
  const found = texts.length === 0 ? "none" : texts.join(", ");
  throw new RecoError("bad-input", `Expected one .txt file in ${folder}, but found ${found}. Pass the path of the file itself.`);
}
