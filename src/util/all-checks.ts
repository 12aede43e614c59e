import { RecoError } from "./errors.ts";

/**
 * Runs every check and throws one error with all messages, so that nobody mends one mistake only to meet the next. The error has the code
 * that all failures share, or `bad-config`.
 */
export function allChecks(checks: Iterable<() => void>): void {
  const failures: RecoError[] = [];
  for (const check of checks)
    try {
      check();
    } catch (error) {
      if (!(error instanceof RecoError)) throw error;
      failures.push(error);
    }
  if (failures.length === 0) return;
  const [first] = failures;
  if (failures.length === 1) throw first;
  const code = failures.every((failure) => failure.code === first.code) ? first.code : "bad-config";
  throw new RecoError(code, failures.map(({ message }) => message).join(" "), { cause: first });
}
