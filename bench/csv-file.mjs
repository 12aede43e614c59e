// @ts-check
// The CSV file for the reading benchmark: the 20-million-row expansion of MovieLens 1M with text ids, a rating and a time.
import { existsSync } from "node:fs";
import { open, rename } from "node:fs/promises";
import { Random } from "recobase";
import { benchData, cached } from "./data.mjs";

/** Path of the file, created if missing. */
export async function csvFile() {
  const path = cached("fractal-20m.csv");
  if (existsSync(path)) return path;
  const { train } = await benchData("fractal-20m");
  const random = new Random(5);
  const file = await open(`${path}.part`, "w");
  await file.writeFile("user,item,rating,time\n");
  const order = random.shuffle(Uint32Array.from({ length: train.users.length }, (_, i) => i));
  for (let from = 0; from < order.length; from += 100_000) {
    let text = "";
    for (const row of order.subarray(from, from + 100_000)) {
      const user = String(train.users[row]).padStart(6, "0");
      const item = String(train.items[row]).padStart(5, "0");
      text += `u${user},i${item},${1 + random.integer(5)},${956_703_932 + random.integer(100_000_000)}\n`;
    }
    await file.writeFile(text);
  }
  await file.close();
  await rename(`${path}.part`, path);
  return path;
}
