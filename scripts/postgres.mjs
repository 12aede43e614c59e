// @ts-check
// Runs a command with a temporary PostgreSQL server:
//
//   node scripts/postgres.mjs -- npx vitest run --project unit --project slow src/store
//
// RECOBASE_TEST_POSTGRES holds the server's address. Needs Debian's package "postgresql", or "initdb" and "pg_ctl" on PATH.
import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const command = process.argv.slice(process.argv[2] === "--" ? 3 : 2);
if (command.length === 0) {
  console.error("Missing command. Usage: node scripts/postgres.mjs -- COMMAND …");
  process.exit(2);
}

const bin = programs();
const folder = mkdtempSync(join(tmpdir(), "recobase-postgres-"));
const data = join(folder, "data");
const password = randomBytes(12).toString("hex");
// PostgreSQL refuses to run as root.
const asUser = process.getuid?.() === 0 ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : [];
if (asUser.length > 0) chownSync(folder, userId("postgres"), -1);

/** @param {string} program @param {readonly string[]} args */
function run(program, ...args) {
  const [first, ...rest] = [...asUser, join(bin, program), ...args];
  execFileSync(first, rest, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
}

let status = 1;
try {
  const passwordFile = join(folder, "password");
  writeFileSync(passwordFile, password, { mode: 0o644 });
  run("initdb", "-D", data, "-U", "recobase", "--auth=scram-sha-256", `--pwfile=${passwordFile}`, "--encoding=UTF8", "--locale=C");
  rmSync(passwordFile);
  const port = await freePort();
  const settings = `-c listen_addresses=127.0.0.1 -c port=${port} -c unix_socket_directories=${folder}`;
  run("pg_ctl", "start", "-w", "-D", data, "-l", join(folder, "log"), "-o", settings);
  try {
    const env = { ...process.env, RECOBASE_TEST_POSTGRES: `postgres://recobase:${password}@127.0.0.1:${port}/postgres` };
    status = await ended(spawn(command[0], command.slice(1), { stdio: "inherit", env }));
  } finally {
    run("pg_ctl", "stop", "-w", "-m", "immediate", "-D", data);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = status;

/** The folder of initdb and pg_ctl, from the newest version if there are several. */
function programs() {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((version) => join(debian, version, "bin")), ...(process.env.PATH ?? "").split(":")];
  const found = folders.find((path) => existsSync(join(path, "initdb")) && existsSync(join(path, "pg_ctl")));
  if (found !== undefined) return found;
  console.error('PostgreSQL not found. On Debian, run apt-get install postgresql. Elsewhere, put "initdb" and "pg_ctl" on PATH.');
  process.exit(1);
}

/** @param {string} name */
function userId(name) {
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((line) => line.startsWith(`${name}:`));
  return Number(line?.split(":")[2]);
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

/** @param {import("node:child_process").ChildProcess} child @returns {Promise<number>} */
function ended(child) {
  // The child gets these signals too. Keep running until it ends, then stop the server.
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => {});
  return new Promise((resolve) => {
    child.on("error", (error) => {
      console.error(String(error));
      resolve(1);
    });
    child.on("close", (code) => resolve(code ?? 1));
  });
}
