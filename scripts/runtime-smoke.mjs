// @ts-check
// Fits every model with the build, in the runtime that runs this file (Node, Bun, Deno), and prints checksums. The kernels are deterministic, so
// the checksums are the same in every runtime. To compare runtimes, pass the checksum of another run:
//
//     node scripts/runtime-smoke.mjs                  # the last line is the checksum of everything
//     node scripts/runtime-smoke.mjs 0123abcd         # exits with 1 if the checksum differs
import { smoke } from "./smoke/fit.mjs";

const { backend, threads, deterministic, cinema, models, checksum } = await smoke();
console.log(`${runtime()}: ${backend} on ${threads} ${threads === 1 ? "thread" : "threads"}; models fitted on ${deterministic}`);
console.log(`  cinema         ${cinema}`);
for (const { model, checksum: own, milliseconds, list } of models)
  console.log(`  ${model.padEnd(14)} ${own}  ${Math.round(milliseconds).toString().padStart(5)} ms  ${list.slice(0, 2).join(", ")}`);

console.log(checksum);
const wanted = globalThis.process?.argv[2];
if (wanted !== undefined && wanted !== checksum) {
  console.error(`The checksum is ${checksum}; expected ${wanted}.`);
  process.exitCode = 1;
}

function runtime() {
  const { versions } = process;
  const name = ["bun", "deno", "node"].find((candidate) => candidate in versions) ?? "node";
  return `${name} ${versions[name]}`;
}
