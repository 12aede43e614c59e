// @ts-check
// Fits every model on the build in the runtime that this file is started with (Node, Bun, Deno) and prints what came out. The checksums are of
// the deterministic kernels and the same in every runtime; give those of another run as the argument to compare:
//
//     node scripts/runtime-smoke.mjs                  # prints, the last line is a checksum of all
//     node scripts/runtime-smoke.mjs 0123abcd         # exits with 1 when the checksum is another
import { smoke } from "./smoke/fit.mjs";

const { backend, threads, deterministic, cinema, models, checksum } = await smoke();
console.log(`${runtime()}: ${backend} on ${threads} ${threads === 1 ? "thread" : "threads"}; models fitted on ${deterministic}`);
console.log(`  cinema         ${cinema}`);
for (const { model, checksum: own, milliseconds, list } of models)
  console.log(`  ${model.padEnd(14)} ${own}  ${Math.round(milliseconds).toString().padStart(5)} ms  ${list.slice(0, 2).join(", ")}`);

console.log(checksum);
const wanted = globalThis.process?.argv[2];
if (wanted !== undefined && wanted !== checksum) {
  console.error(`The checksum is ${checksum}, not ${wanted}.`);
  process.exitCode = 1;
}

function runtime() {
  const { versions } = process;
  const name = ["bun", "deno", "node"].find((candidate) => candidate in versions) ?? "node";
  return `${name} ${versions[name]}`;
}
