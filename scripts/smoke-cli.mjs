// @ts-check
// Runs the built command line as a user would: the commands for files on a sample and, if available, on MovieLens 100K. Fails on a wrong exit
// code, invalid JSON, or leftover files.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

process.chdir(new URL("..", import.meta.url).pathname);
const main = resolve("dist/cli/main.js");
const folder = await mkdtemp(join(tmpdir(), "recobase-cli-"));
const movielens = resolve(process.env.RECOBASE_DATA ?? "../shared/data", "ml-100k");

/**
 * @param {string} line the arguments, as typed
 * @param {{ code?: number, show?: boolean }} [expected]
 */
function recobase(line, { code = 0, show = false } = {}) {
  const args = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare);
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], { cwd: folder, encoding: "utf8", maxBuffer: 1 << 28 });
  if (status !== code) throw new Error(`recobase ${line}\nexit code ${status}, expected ${code}\n${stdout}${stderr}`);
  if (code !== 0 && stderr.trim() === "") throw new Error(`recobase ${line}\nfailed without an error message`);
  if (args.includes("--json")) JSON.parse(stdout);
  console.log(`ok    recobase ${line}${code === 0 ? "" : `  (exit code ${code}: ${stderr.trim().split("\n")[0]})`}`);
  if (show) console.log(stdout);
}

try {
  await cp("scripts/examples", folder, { recursive: true });
  const before = await readdir(folder);
  recobase("models");
  recobase("models als");
  recobase("inspect ratings.csv");
  recobase("evaluate ratings.csv --models popularity,item-knn,ease,als --split leave-last --k 10", { show: true });
  recobase("evaluate ratings.csv --models popularity,item-knn,ease,als --split leave-last --k 10 --json");
  recobase("train ratings.csv --model als --set factors=64 --out als.safetensors");
  recobase("recommend als.safetensors --user 42 --k 10");
  recobase('recommend als.safetensors --history "m5,m18" --k 10 --json');
  recobase("similar als.safetensors --item m5");
  recobase("train ratings.csv --model esae --out x.safetensors", { code: 2 });
  recobase("recommend als.safetensors --user nobody", { code: 1 });
  recobase("recommend missing.safetensors --user 42", { code: 1 });
  recobase("inspekt ratings.csv", { code: 2 });
  if (existsSync(movielens)) {
    const source = `"${movielens}" --layout movielens-100k`;
    recobase(`inspect ${source}`, { show: true });
    recobase(`evaluate ${source} --models popularity,item-knn,ease,als --split leave-last --k 10`, { show: true });
    recobase(`train ${source} --model als --set factors=64 --out ml.safetensors`);
    recobase('recommend ml.safetensors --history "50,181" --k 10 --json');
    recobase("similar ml.safetensors --item 50", { show: true });
  } else console.log(`skipped: MovieLens 100K not found at ${movielens}`);
  const expected = [...before, "als.safetensors", "ml.safetensors"];
  const left = (await readdir(folder)).filter((name) => !expected.includes(name));
  if (left.length > 0) throw new Error(`The commands left files behind: ${left.join(", ")}`);
} finally {
  await rm(folder, { recursive: true });
}
