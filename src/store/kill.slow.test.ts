import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { compiled } from "../../scripts/compiled.mjs";
import { Random } from "../util/random.ts";
import { openStore } from "./open-store.ts";
import { SAY } from "./testing/processes.ts";
import { unchecked } from "./testing/unchecked.ts";

/** Many callers at once, as those of a server; a key is told when its event is acknowledged. Every tenth batch is sent twice. */
const program = `${SAY}
import { openStore } from "./store/open-store.js";
const [path, round] = process.argv.slice(2);
const store = await openStore(path);
const shop = store.projects().includes("shop") ? store.project("shop") : await store.createProject("shop");
let next = 0;
const caller = async (c) => {
  for (;;) {
    const keys = Array.from({ length: 1 + (next % 5) }, () => round + "-" + next++);
    const events = keys.map((key, i) => ({
      user: "user " + (next + i) % 50, item: "item " + next % 300, type: "view", time: next, key, session: key, context: { caller: c, words: "x".repeat(100) },
    }));
    await Promise.all(next % 10 === 0 ? [shop.append(events), shop.append(events)] : [shop.append(events)]);
    if (c === 0) await shop.putItems([{ id: "item " + next, properties: { round } }]);
    say(keys.join("\\n"));
  }
};
await Promise.all(Array.from({ length: 32 }, (_, c) => caller(c)));
`;

test("a process killed under load loses nothing that was acknowledged, and counts nothing twice", async () => {
  const folder = await mkdtemp(join(tmpdir(), "recobase-kill-"));
  const { folder: rooms, remove } = await compiled(["util", "data", "store"]);
  const random = new Random(5);
  try {
    const path = join(folder, "store.db");
    await writeFile(join(rooms, "append-for-ever.js"), program);
    const acknowledged: string[] = [];
    let merged = Number.POSITIVE_INFINITY;
    for (let round = 0; round < 5; round++) {
      acknowledged.push(...(await killed([join(rooms, "append-for-ever.js"), path, String(round)], 150 + random.integer(500))));
      const store = await openStore(path);
      const shop = store.project("shop");
      const kept: string[] = [];
      for await (const { session } of shop.readEvents()) kept.push(session ?? "");
      expect(new Set(kept).size, "an event is there twice").toBe(kept.length);
      const there = new Set(kept);
      expect(acknowledged.filter((key) => !there.has(key))).toEqual([]);
      expect(shop.size).toBe(kept.length);
      const again = acknowledged.slice(-500).map((key) => ({ user: "u", item: "i", type: "view", time: 0, key }));
      expect(await shop.append(unchecked(again))).toEqual({ accepted: 0, duplicates: again.length });
      merged = 0;
      for await (const _ of shop.segments()) merged++;
      await store.close();
    }
    expect(acknowledged.length).toBeGreaterThan(2000);
    // Merging went on all the while, so it was cut off too.
    expect(merged).toBeLessThan(acknowledged.length / 10);
  } finally {
    remove();
    await rm(folder, { recursive: true, force: true });
  }
});

/** The lines that a program wrote before it was killed, so many milliseconds after the first. */
function killed(args: readonly string[], after: number): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    let text = "";
    child.stdout.on("data", (chunk) => {
      if (text === "") setTimeout(() => child.kill("SIGKILL"), after);
      text += chunk;
    });
    // A line that was cut off was not told.
    child.once("close", (code, signal) =>
      signal === "SIGKILL" ? resolve(text.split("\n").slice(0, -1)) : reject(new Error(`It ended with ${code}.`)),
    );
  });
}
