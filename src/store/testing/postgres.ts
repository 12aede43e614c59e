/** The address of a PostgreSQL for tests; empty where there is none. */
export const postgres = process.env.RECOBASE_TEST_POSTGRES ?? "";

if (postgres === "")
  console.warn("Tests over PostgreSQL are skipped. To run them: node scripts/postgres.mjs -- npx vitest run --project unit src/store");
