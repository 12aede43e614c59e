import { type Backend, createBackend } from "../kernel/backend.ts";

/** The backends that every kernel must agree on: both builds on 1, 2 and 4 threads, and plain TypeScript. Create them once per test file. */
export function kernelBackends(): { readonly builds: readonly (readonly Backend[])[]; readonly reference: Backend; close(): void } {
  const builds = [false, true].map((deterministic) => [1, 2, 4].map((threads) => createBackend({ threads, deterministic })));
  return {
    builds,
    reference: createBackend({ reference: true }),
    close: () => {
      for (const backend of builds.flat()) backend.close();
    },
  };
}

/**
 * Runs `compute` on every backend. Checks that each build gives the same bits on any number of threads, and agrees with the reference within
 * `tolerance` times its largest magnitude. Returns the reference's result.
 */
export function agreeOnAllBackends(
  backends: ReturnType<typeof kernelBackends>,
  compute: (backend: Backend) => Float32Array,
  tolerance = 1e-5,
): Float32Array {
  const expected = compute(backends.reference);
  let scale = 1e-30;
  for (const value of expected) if (Number.isFinite(value)) scale = Math.max(scale, Math.abs(value));
  for (const [first, ...others] of backends.builds) {
    const result = compute(first);
    if (result.length !== expected.length) throw new Error(`${first.name}: ${result.length} results instead of ${expected.length}`);
    for (let i = 0; i < expected.length; i++) {
      const close = Object.is(result[i], expected[i]) || Math.abs(result[i] - expected[i]) <= tolerance * scale;
      if (!close) throw new Error(`${first.name}: result ${i} is ${result[i]}; the reference has ${expected[i]}`);
    }
    for (const other of others) {
      const again = compute(other);
      for (let i = 0; i < result.length; i++)
        if (!Object.is(again[i], result[i]))
          throw new Error(`${other.name}: result ${i} is ${again[i]} on ${other.threads} threads, ${result[i]} on one`);
    }
  }
  return expected;
}
