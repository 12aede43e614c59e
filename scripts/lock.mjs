// @ts-check
// Packages with prebuilt binaries list one optional package per platform. If the registry lacks one of them (say, a mirror that lags behind), npm
// omits it from package-lock.json, and `npm ci` then rejects the lock file on every platform. This adds what is missing. With --check, it only
// reports it. Run it after npm install.
import { readFile, writeFile } from "node:fs/promises";

process.chdir(new URL("..", import.meta.url).pathname);

/** @typedef {{ version?: string, dev?: boolean, optional?: boolean, os?: string[], cpu?: string[], libc?: string[], optionalDependencies?: Record<string, string> }} LockedPackage */
/** @type {{ packages: Record<string, LockedPackage> }} */
const lock = JSON.parse(await readFile("package-lock.json", "utf8"));
const { packages } = lock;

/**
 * The platform of a package, from its name: `@biomejs/cli-linux-x64-musl`.
 *
 * @param {string} name
 */
function platformOf(name) {
  const [, os] = /\b(aix|android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|win32)\b/.exec(name) ?? [];
  const [, cpu] = /\b(arm64|arm|ia32|loong64|mips64el|ppc64|riscv64|s390x|wasm32|x64)\b/.exec(name) ?? [];
  const [, libc] = /\b(musl|gnu)\b/.exec(name) ?? [];
  return { ...(os && { os: [os] }), ...(cpu && { cpu: [cpu] }), ...(libc && { libc: [libc === "gnu" ? "glibc" : libc] }) };
}

/** @type {string[]} */
const missing = [];
for (const [path, { optionalDependencies = {}, dev }] of Object.entries(packages))
  for (const [name, version] of Object.entries(optionalDependencies)) {
    if (packages[`node_modules/${name}`] !== undefined || packages[`${path}/node_modules/${name}`] !== undefined) continue;
    missing.push(name);
    packages[`node_modules/${name}`] = { version, ...(dev && { dev }), optional: true, ...platformOf(name) };
  }

if (missing.length === 0) console.log("package-lock.json is complete.");
else if (process.argv.includes("--check")) {
  console.error(`package-lock.json lacks ${missing.join(", ")}. Run node scripts/lock.mjs.`);
  process.exitCode = 1;
} else {
  lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)));
  await writeFile("package-lock.json", `${JSON.stringify(lock, null, 2)}\n`);
  console.log(`Added to package-lock.json: ${missing.join(", ")}`);
}
