// @ts-check
// Starts the thread that fits and loads models. Plain JavaScript, since Node 20 starts workers from nothing else; where it runs from source,
// TypeScript is taken off on the way in.
import { workerData } from "node:worker_threads";

const { module } = /** @type {{ module: string }} */ (workerData);
if (module.endsWith(".ts") && !(/** @type {{ typescript?: unknown }} */ (process.features).typescript)) {
  const { createJiti } = await import("jiti");
  await createJiti(import.meta.url).import(module);
} else await import(module);
