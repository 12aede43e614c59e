import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { openStore } from "../../store/open-store.ts";
import { Random } from "../../util/random.ts";
import { createTrainer } from "./project-trainer.ts";
import { recommended } from "./testing/ask.ts";
import { cinemaEvents } from "./testing/cinema-events.ts";

const script = fileURLToPath(new URL("./testing/training-process.js", import.meta.url));

/** Resolves when the process prints a word; rejects if it exits first. */
function says(child: ChildProcess, word: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    let wrong = "";
    child.stdout?.on("data", (text) => {
      said += text;
      if (said.includes(word)) resolve();
    });
    child.stderr?.on("data", (text) => {
      wrong += text;
    });
    child.once("exit", (code) => reject(new Error(`It ended with ${code} before it said ${word}: ${wrong}`)));
  });
}

test("a process killed during a fit leaves a working live model, and the job shows as failed", async () => {
  const folder = await mkdtemp(join(tmpdir(), "recobase-kill-"));
  const path = join(folder, "shop.db");
  const random = new Random(7);
  try {
    const fresh = await openStore(path);
    await (await fresh.createProject("shop")).append(cinemaEvents());
    await fresh.close();
    let failed = 0;
    for (let round = 0; round < 5; round++) {
      const child = spawn(process.execPath, [script, path], { stdio: ["ignore", "pipe", "pipe"] });
      const gone = new Promise((resolve) => child.once("exit", resolve));
      await says(child, "ready");
      await says(child, "fitting");
      await new Promise((resolve) => setTimeout(resolve, random.integer(300)));
      child.kill("SIGKILL");
      await gone;

      const store = await openStore(path);
      const shop = store.project("shop");
      const open = shop.documents.list("job").filter(({ body }) => ["running", "waiting"].includes((body as { state: string }).state));
      const trainer = await createTrainer({ store: shop, config: {} });
      const served = trainer.inService("main");
      expect(served?.record.state).toBe("in-service");
      expect(recommended(served?.model, [1, 2]).length).toBe(10);
      expect(trainer.models().filter(({ state }) => state === "in-service").length).toBe(1);
      for (const { key } of open)
        expect(trainer.jobs().find(({ id }) => id === key)).toMatchObject({
          state: "failed",
          error: expect.stringMatching(/^The server stopped during the fit/),
        });
      expect(trainer.jobs().every(({ state }) => state === "done" || state === "failed")).toBe(true);
      failed += open.length;
      // Every file has a record, and vice versa.
      const names = trainer.models().flatMap(({ id, state }) => (state === "rejected" ? [] : [`model-${id}`]));
      expect((await shop.blobs.list()).map(({ name }) => name).sort()).toEqual(names.sort());
      await trainer.close();
      await store.close();
    }
    expect(failed).toBeGreaterThan(0);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 120_000);
