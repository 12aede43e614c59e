import { parseArgs } from "node:util";
import { RecoError } from "../util/errors.ts";
import { shopDemo } from "./shop/shop-demo.ts";
import { tour } from "./tour/tour.ts";

const { values, positionals } = readArguments();
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
  // The first signal stops the demo cleanly; a second one ends the process.
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => ending.abort());
  await shopDemo({
    ...common,
    folder: "demo/shop",
    port: wholeNumber("port", values.port, 65_535),
    seconds: values.seconds === undefined ? undefined : wholeNumber("seconds", values.seconds, Number.MAX_SAFE_INTEGER),
    signal: ending.signal,
  });
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { port: { type: "string", default: "7700" }, seconds: { type: "string" } },
    });
  } catch (error) {
    usageError((error as Error).message.replace(/ To specify .*/s, ""));
  }
}

function wholeNumber(name: string, text: string, most: number): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0 && number <= most) return number;
  usageError(
    `--${name} must be a whole number ${most === Number.MAX_SAFE_INTEGER ? "of at least 1" : `from 1 to ${most}`}, not ${JSON.stringify(text)}.`,
  );
}

function usageError(message: string): never {
  console.error(`${message}\nUsage: npm start -- [--port NUMBER] [--seconds NUMBER]`);
  process.exit(2);
}
