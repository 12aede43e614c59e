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
    // Vitest would leave a core free, which is half of a machine that has two.
    maxWorkers: "100%",
    // For what hangs, not for what is slow: a busy machine takes ten times as long as a quiet one.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    projects: [
      // npm test. Files of a worker share its modules, as those of a server do: a third to a half of the time went into loading them anew.
      {
        extends: true,
        test: {
          name: "unit",
          include: ["src/**/*.test.ts", "scripts/**/*.test.mjs"],
          exclude: ["**/*.slow.test.ts"],
          isolate: false,
        },
      },
      // npm run test:slow, and CI: tests that train again and again, or start processes and kill them.
      { extends: true, test: { name: "slow", include: ["src/**/*.slow.test.ts"] } },
      { extends: true, test: { name: "accuracy", include: ["accuracy/**/*.test.ts"], testTimeout: 900_000, fileParallelism: false } },
    ],
  },
});
