import { readFileSync } from "node:fs";
import { defineConfig } from "vitest/config";

interface Package {
  readonly exports: Readonly<Record<string, string | { readonly default: string }>>;
}

/** The public entry points, each at its source, so that examples run without a build. */
function entryPoints() {
  const { exports } = JSON.parse(readFileSync(new URL("./package.json", import.meta.url), "utf8")) as Package;
  return Object.entries(exports).flatMap(([subpath, target]) => {
    if (typeof target === "string") return [];
    const source = target.default.replace("./dist/", "./src/").replace(/\.js$/, ".ts");
    return [{ find: new RegExp(`^${subpath.replace(".", "recobase")}$`), replacement: new URL(source, import.meta.url).pathname }];
  });
}

export default defineConfig({
  resolve: { alias: entryPoints() },
  test: {
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      { extends: true, test: { name: "unit", include: ["src/**/*.test.ts", "scripts/**/*.test.mjs"] } },
      { extends: true, test: { name: "accuracy", include: ["accuracy/**/*.test.ts"], testTimeout: 900_000, fileParallelism: false } },
    ],
  },
});
