import { parseArgs } from "node:util";
import { RecoError } from "../util/errors.ts";
import { shopDemo } from "./shop/shop-demo.ts";
import { tour } from "./tour/tour.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { port: { type: "string", default: "7700" }, seconds: { type: "string" } },
});
const common = { output: process.stdout, errors: process.stderr, folder: "demo" };

try {
  if (positionals[0] === "tour") await tour(common);
  else await shop();
} catch (error) {
  if (!(error instanceof RecoError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

async function shop(): Promise<void> {
  const ending = new AbortController();
  // The first signal ends it in order; another one ends the process, as it would by itself.
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => ending.abort());
  await shopDemo({
    ...common,
    folder: "demo/shop",
    port: wholeNumber("port", values.port),
    seconds: values.seconds === undefined ? undefined : wholeNumber("seconds", values.seconds),
    signal: ending.signal,
  });
}

function wholeNumber(name: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  console.error(`--${name} takes a whole number above 0, not ${JSON.stringify(text)}.`);
  process.exit(2);
}
