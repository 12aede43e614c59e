// @ts-check
// Compiles src/kernel/assembly into src/kernel/wasm.gen.ts, in two builds: relaxed SIMD and plain SIMD. With --check, writes nothing and fails if
// the committed file is out of date.
import { readFile, writeFile } from "node:fs/promises";
import asc from "assemblyscript/asc";

const target = new URL("../src/kernel/wasm.gen.ts", import.meta.url);

/** @param {readonly string[]} features */
async function compile(features) {
  /** @type {Uint8Array | undefined} */
  let binary;
  const { error, stderr } = await asc.main(
    [
      "src/kernel/assembly/index.ts",
      ...["--outFile", "kernels.wasm", "-O3", "--noAssert", "--runtime", "stub", "--uncheckedBehavior", "always"],
      ...["--importMemory", "--sharedMemory", "--initialMemory", "1", "--maximumMemory", "65536"],
      ...features.flatMap((feature) => ["--enable", feature]),
    ],
    {
      writeFile: (name, contents) => {
        if (name.endsWith(".wasm") && typeof contents !== "string") binary = contents;
      },
    },
  );
  if (error !== null || binary === undefined) throw new Error(`${error?.message}\n${stderr.toString()}`);
  return binary;
}

const plain = await compile(["simd", "threads"]);
const relaxed = await compile(["simd", "threads", "relaxed-simd"]);
/** @param {Uint8Array} bytes */
const base64 = (bytes) => Buffer.from(bytes).toString("base64");
const text = `// Made by scripts/build-kernels.mjs from src/kernel/assembly. Do not edit.

/** Plain SIMD, ${plain.length} bytes. */
export const plainBuild = "${base64(plain)}";

/** Relaxed SIMD (fused multiply-add), ${relaxed.length} bytes. */
export const relaxedBuild = "${base64(relaxed)}";
`;
if (process.argv.includes("--check")) {
  const committed = await readFile(target, "utf8").catch(() => "");
  if (committed !== text) {
    console.error("src/kernel/wasm.gen.ts is out of date. Run npm run generate.");
    process.exit(1);
  }
} else {
  await writeFile(target, text);
  console.log(`kernels: plain ${plain.length} bytes, relaxed ${relaxed.length} bytes`);
}
