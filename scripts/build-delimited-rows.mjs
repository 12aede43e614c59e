// @ts-check
// Compiles src/kernel/assembly/delimited-rows.ts into src/data/readers/clean-rows.gen.ts. With --check, writes nothing and fails if the committed
// file is out of date.
import { readFile, writeFile } from "node:fs/promises";
import asc from "assemblyscript/asc";

const source = "src/kernel/assembly/delimited-rows.ts";
const target = new URL("../src/data/readers/clean-rows.gen.ts", import.meta.url);

/** @type {Uint8Array | undefined} */
let binary;
const { error, stderr } = await asc.main(
  [
    source,
    ...["--outFile", "rows.wasm", "-O3", "--noAssert", "--runtime", "stub", "--uncheckedBehavior", "always"],
    ...["--maximumMemory", "65536", "--enable", "simd"],
  ],
  {
    writeFile: (name, contents) => {
      if (name.endsWith(".wasm") && typeof contents !== "string") binary = contents;
    },
  },
);
if (error !== null || binary === undefined) throw new Error(`${error?.message}\n${stderr.toString()}`);
const text = `// Made by scripts/build-delimited-rows.mjs from ${source}. Do not edit.

/** SIMD, ${binary.length} bytes. */
export const cleanRowsBuild = "${Buffer.from(binary).toString("base64")}";
`;
if (process.argv.includes("--check")) {
  const committed = await readFile(target, "utf8").catch(() => "");
  if (committed !== text) {
    console.error("src/data/readers/clean-rows.gen.ts is out of date. Run npm run generate.");
    process.exit(1);
  }
} else {
  await writeFile(target, text);
  console.log(`delimited rows: ${binary.length} bytes`);
}
