import { RecoError } from "../../util/errors.ts";
import { plainOrGzip } from "../readers/sources.ts";
import { inFolder, type Layout } from "./layout.ts";
import { readHistories } from "./read-histories.ts";

/** The files of LightGCN (He et al. 2020) and its many successors: one line per user, with the user's items in no particular order. */
export const lightgcn: Layout = {
  name: "lightgcn",
  about: "folder with train.txt and test.txt: each line has a user and then the user's items, separated by spaces",
  async load(source, options) {
    const { stat } = await import("node:fs/promises");
    if (!(await stat(source).catch(() => undefined))?.isDirectory()) return readHistories(source, options, this.name, { ordered: false });
    const { train, test } = await parts(source);
    const first = await readHistories(train, options, this.name, { ordered: false });
    return first.append(await readHistories(test, options, this.name, { ordered: false }));
  },
  parts,
};

async function parts(folder: string): Promise<{ train: string; test: string }> {
  const { path: train } = await inFolder(folder, "train.txt", "lightgcn");
  const test = await plainOrGzip(`${folder}/test.txt`);
  if (test === undefined)
    throw new RecoError("not-found", `The folder ${folder} has no test.txt (or test.txt.gz), which the layout lightgcn requires.`);
  return { train, test };
}
