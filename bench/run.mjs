// @ts-check
// npm run bench [-- ROW …] [--runs N]: RecoBase and its rivals, run alternately on the same cores. Each runner is a separate process that prints the
// seconds of the work itself, its peak memory, and a number that shows that its output is right. Results go to bench/RESULTS.md, which keeps the
// rows that are not run this time.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { availableParallelism, cpus, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { csvFile } from "./csv-file.mjs";
import { benchData } from "./data.mjs";

/**
 * One line of the table. `ours` and `rival` are runners with their arguments.
 * @typedef {{ name: string, work: string, target: string, data: string, ours: string[], rival: string[], check: string }} Row
 */

/** @type {Row[]} */
const rows = [
  // Epochs: for both, the fewest after which more bring little. Regularization and weight of the zeros: see the runners and bench/selection.
  ...[
    { data: "gowalla", factors: 64, ours: ["3", "0.012", "10"], rival: ["4"] },
    { data: "gowalla", factors: 128, ours: ["3", "0.003", "30"], rival: ["7"] },
    { data: "fractal-20m", factors: 64, ours: ["3", "0.003", "10"], rival: ["4"] },
    { data: "fractal-20m", factors: 128, ours: ["3", "0.003", "10"], rival: ["4"] },
  ].map(({ data, factors, ours, rival }) => ({
    name: `als-${factors}-${data}`,
    work: `iALS, ${factors} factors, ${data} vs. implicit ALS`,
    target: "1.0x, aim 2x",
    data,
    ours: ["als.mjs", data, String(factors), ...ours],
    rival: ["implicit_als.py", data, String(factors), ...rival],
    check: "ndcg",
  })),
  ...["gowalla", "fractal-20m"].map((data) => ({
    name: `item-knn-${data}`,
    work: `ItemKNN, 100 neighbors, ${data} vs. implicit Cosine`,
    target: "1.0x, aim 1.5x",
    data,
    ours: ["item-knn.mjs", data],
    rival: ["implicit_knn.py", data],
    check: "ndcg",
  })),
  ...["gowalla", "fractal-20m"].map((data) => ({
    name: `bpr-${data}`,
    work: `BPR, one epoch, 64 factors, ${data} vs. implicit BPR`,
    target: "1.0x, aim 1.5x",
    data,
    ours: ["bpr.mjs", data, "64", data === "gowalla" ? "30" : "5"],
    rival: ["implicit_bpr.py", data, "64", data === "gowalla" ? "30" : "5"],
    check: "ndcg",
  })),
  ...[64, 128].map((factors) => ({
    name: `top-100-${factors}`,
    work: `top 100 of every user, ${factors} factors, gowalla vs. implicit recommend`,
    target: "1.0x, aim 2x",
    data: "gowalla",
    ours: ["top-100.mjs", "gowalla", String(factors)],
    rival: ["implicit_top_100.py", "gowalla", String(factors)],
    check: "scores",
  })),
  ...["float32", "float64"].map((precision) => ({
    name: `ease-${precision}`,
    work: `EASE, ml-1m vs. numpy with OpenBLAS (${precision})`,
    target: "0.5x, aim 1.0x",
    data: "ml-1m",
    ours: ["ease.mjs", "ml-1m"],
    rival: ["numpy_ease.py", "ml-1m", precision],
    check: "ndcg",
  })),
  {
    name: "read-csv",
    work: "20 million CSV rows with text ids vs. DuckDB's own scan",
    target: "0.4x, aim 0.67x",
    data: "csv",
    ours: ["read-csv.mjs", "CSV"],
    rival: ["duckdb_scan.py", "CSV"],
    check: "rows",
  },
  ...["irspack", "rectools"].map((rival) => ({
    name: `evaluate-${rival}`,
    work: `full-ranking evaluation, gowalla, six metrics vs. ${rival}`,
    target: "1.0x, aim 3x",
    data: "gowalla",
    ours: ["evaluate.mjs", "gowalla"],
    rival: [`${rival}_evaluate.py`, "gowalla"],
    // RecTools defines NDCG differently: it doesn't normalize by the best possible list of the user.
    check: "recall",
  })),
];

const { values, positionals } = parseArgs({ allowPositionals: true, options: { runs: { type: "string", default: "3" } } });
const wanted = rows.filter((row) => positionals.length === 0 || positionals.some((name) => row.name.includes(name)));
if (wanted.length === 0) {
  console.error(`Unknown row: ${positionals.join(", ")}. Rows: ${rows.map((row) => row.name).join(", ")}`);
  process.exit(2);
}
const here = fileURLToPath(new URL(".", import.meta.url));
const python = process.env.PYTHON ?? (existsSync(`${here}.venv/bin/python`) ? `${here}.venv/bin/python` : "python3");
try {
  execFileSync(python, ["-c", "import implicit, duckdb"], { stdio: "ignore" });
} catch {
  console.error(
    "The rivals are not installed. Install them with:\n  python3 -m venv bench/.venv && bench/.venv/bin/pip install -r bench/requirements.txt",
  );
  process.exit(1);
}

const kept = new URL(".cache/results.json", import.meta.url);
/** @type {Record<string, string>} */
const lines = existsSync(kept) ? JSON.parse(await readFile(kept, "utf8")) : {};
for (const row of wanted) {
  if (row.data !== "csv") await benchData(row.data);
  const file = row.data === "csv" ? await csvFile() : "";
  const place = (/** @type {string[]} */ command) => command.map((argument) => (argument === "CSV" ? file : argument));
  /** @type {{ seconds: number, peakMiB: number, [check: string]: number }[]} */
  const ours = [];
  /** @type {typeof ours} */
  const rival = [];
  if (row.name.startsWith("evaluate")) execFileSync(process.execPath, [`${here}ours/evaluate.mjs`, row.data, "export"]);
  const runs = row.data === "fractal-20m" ? Math.min(2, Number(values.runs)) : Number(values.runs);
  for (let run = 0; run < runs; run++) {
    // The rival runs first: it leaves factors in the cache that our runner reads.
    rival.push(execute(python, `${here}rivals/`, place(row.rival)));
    ours.push(execute(process.execPath, `${here}ours/`, place(row.ours)));
    process.stderr.write(
      `${row.name} ${run + 1}/${runs}: ours ${ours[run].seconds.toFixed(3)} s, rival ${rival[run].seconds.toFixed(3)} s\n`,
    );
  }
  const ratio = median(ours.map((our, i) => rival[i].seconds / our.seconds));
  const [our, other] = [ours, rival].map((runs) => ({
    seconds: median(runs.map((r) => r.seconds)),
    peak: median(runs.map((r) => r.peakMiB)),
    check: runs[0][row.check],
  }));
  lines[row.name] =
    `| ${row.work} | ${our.seconds.toFixed(3)} s | ${other.seconds.toFixed(3)} s | **${ratio.toFixed(2)}x** | ${row.target} | ${row.check} ${figure(our.check)} / ${figure(other.check)} | ${our.peak} / ${other.peak} MiB | ${runs} |`;
  console.log(lines[row.name]);
  await writeFile(kept, JSON.stringify(lines));
}
await writeResults();

/** @param {string} program @param {string} folder @param {string[]} command */
function execute(program, folder, [script, ...args]) {
  const result = spawnSync(program, [folder + script, ...args], { encoding: "utf8", maxBuffer: 1 << 26 });
  const line = result.stdout?.trim().split("\n").at(-1) ?? "";
  if (result.status !== 0 || !line.startsWith("{"))
    throw new Error(`${script} ${args.join(" ")} failed:\n${result.stderr}\n${result.stdout}`);
  return JSON.parse(line);
}

/** @param {number[]} numbers */
function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** @param {number} value */
function figure(value) {
  return Number.isInteger(value) ? value.toLocaleString("en") : value.toPrecision(4);
}

async function writeResults() {
  const requirements = (await readFile(new URL("requirements.txt", import.meta.url), "utf8")).trim().split("\n").join(", ");
  const text = `# Results

Made by \`npm run bench\`. RecoBase and the rival run alternately, each run in its own process; the last column is the number of runs. Times are medians and
cover only the work itself, not startup or reading data. The ratio is the median over the pairs; above 1, RecoBase is faster. The check is the same number
computed from both outputs (NDCG@20 on the held-out items of 5,000 users, mean score, rows read). Peak is the resident memory of the whole process. The machine
was also doing other work, so trust the ratios more than the seconds.

${cpus()[0].model}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, ${requirements}.

| task | RecoBase | rival | ratio | target | check (RecoBase / rival) | peak (RecoBase / rival) | runs |
|---|---|---|---|---|---|---|---|
${rows.flatMap((row) => lines[row.name] ?? []).join("\n")}
`;
  await writeFile(new URL("RESULTS.md", import.meta.url), text);
}
