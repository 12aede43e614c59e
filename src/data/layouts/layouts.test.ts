import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { realData } from "../../testing/real-data.ts";
import { rowsOf, smallFiles } from "../../testing/small-files.ts";
import type { Dataset } from "../dataset.ts";
import { loadDataset, loadSplit } from "../load.ts";
import { formatSummary, loadStep } from "../summary.ts";

const { folder, file, load, remove } = smallFiles();
afterAll(remove);

const code = (wanted: string) => expect.objectContaining({ code: wanted });

describe("layouts", () => {
  it("movielens-1m reads the original Latin-1 files", async () => {
    const home = join(folder, "ml-1m");
    await mkdir(home);
    await writeFile(join(home, "ratings.dat"), "1::1193::5::978300760\n1::661::3::978302109\n2::1193::4::978298413\n");
    await writeFile(
      join(home, "movies.dat"),
      Buffer.from("661::Misérables, Les (1995)::Drama|Musical\n1193::One Flew (1975)::Drama\n5::Unseen (1990)::War\n", "latin1"),
    );
    await writeFile(join(home, "users.dat.gz"), gzipSync("1::F::1::10::48067\n"));
    const data = await loadDataset(home, { layout: "movielens-1m" });
    expect(rowsOf(data)[0]).toEqual([1, 1193, 5, 978300760000]);
    expect(data.itemFeatures.title).toEqual({ type: "text", values: ["One Flew (1975)", "Misérables, Les (1995)"] });
    expect(data.itemFeatures.year).toEqual({ type: "number", values: Float64Array.of(1975, 1995) });
    expect(data.itemFeatures.genres).toMatchObject({
      names: ["Drama", "Musical"],
      offsets: Uint32Array.of(0, 1, 3),
      codes: Uint32Array.of(0, 0, 1),
    });
    expect(data.userFeatures.occupation).toMatchObject({ names: ["K-12 student"], codes: Uint32Array.of(0, 0xffffffff) });
    expect(loadStep(data)?.layout).toBe("movielens-1m");
  });

  it("lightgcn reads a user and then items, including users without items and trailing spaces", async () => {
    const home = join(folder, "lightgcn");
    await mkdir(home);
    await writeFile(join(home, "train.txt"), "0 5 6 \n1 6\n2\n");
    await writeFile(join(home, "test.txt.gz"), gzipSync("0 7\n1 5\n"));
    expect(rowsOf(await loadDataset(home, { layout: "lightgcn" }))).toEqual([
      [0, 5],
      [0, 6],
      [1, 6],
      [0, 7],
      [1, 5],
    ]);
    const { train, test } = await loadSplit(home, { layout: "lightgcn" });
    expect([rowsOf(train), rowsOf(test)]).toEqual([
      [
        [0, 5],
        [0, 6],
        [1, 6],
      ],
      [
        [0, 7],
        [1, 5],
      ],
    ]);
    expect(train.items).toBe(test.items);
    await expect(loadSplit(home)).rejects.toEqual(code("unsupported"));
    await expect(loadDataset(await file("gap.txt", "0 1\n 2\n"), { layout: "lightgcn" })).rejects.toThrow(/gap\.txt:2: no user/);
  });

  it("sasrec keeps repeats and numbers the positions in each history", async () => {
    const data = await load("1 3\n2 3\n1 4\n1 3\n", { layout: "sasrec" });
    expect(rowsOf(data)).toEqual([
      [1, 3, 0],
      [2, 3, 0],
      [1, 4, 1],
      [1, 3, 2],
    ]);
    expect(rowsOf(await load("1 3 4 3\n2 3\n", { layout: "sasrec" }))).toEqual([
      [1, 3, 0],
      [1, 4, 1],
      [1, 3, 2],
      [2, 3, 0],
    ]);
  });

  it("two files make a split with shared vocabularies", async () => {
    const { train, test } = await loadSplit({ train: await file("t1.csv", "u,i\na,x\n"), test: await file("t2.csv", "u,i\nb,x\na,y\n") });
    expect([rowsOf(train), rowsOf(test), test.users.ids]).toEqual([
      [["a", "x"]],
      [
        ["b", "x"],
        ["a", "y"],
      ],
      ["a", "b"],
    ]);
  });
});

describe("real data", () => {
  const counts = (data: Dataset) => [data.users.size, data.items.size, data.size];
  it.skipIf(!realData("ml-100k"))("MovieLens 100K (skipped if the data is missing)", async () => {
    const data = await loadDataset(realData("ml-100k") as string, { layout: "movielens-100k" });
    expect(counts(data)).toEqual([943, 1682, 100_000]);
    expect(counts(await loadDataset(`${realData("ml-100k")}/u.data.gz`))).toEqual([943, 1682, 100_000]);
    const toyStory = data.items.require(1);
    expect((data.itemFeatures.title as unknown as { values: string[] }).values[toyStory]).toBe("Toy Story (1995)");
    expect(formatSummary(data)).toMatch("1997-09-20 to 1998-04-22 (from seconds)");
  });

  it.skipIf(!realData("ml-1m"))("MovieLens 1M (skipped if the data is missing)", async () => {
    expect(counts(await loadDataset(`${realData("ml-1m")}/ratings.csv.gz`))).toEqual([6040, 3706, 1_000_209]);
    const data = await loadDataset(realData("ml-1m") as string, { layout: "movielens-1m" });
    expect(counts(data)).toEqual([6040, 3706, 1_000_209]);
    expect(data.interactions.time?.filter(Number.isNaN).length).toBe(1_000_209 - 999_611);
  });

  it.skipIf(!realData("gowalla-lightgcn"))("Gowalla (skipped if the data is missing)", async () => {
    const { train, test } = await loadSplit(realData("gowalla-lightgcn") as string, { layout: "lightgcn" });
    expect(counts(train)).toEqual([29_858, 40_981, 810_128]);
    expect(test.size).toBe(217_242);
  });

  it.skipIf(!realData("s3rec-beauty"))("Beauty (skipped if the data is missing)", async () => {
    expect(counts(await loadDataset(realData("s3rec-beauty") as string, { layout: "sasrec" }))).toEqual([22_363, 12_101, 198_502]);
  });
});
