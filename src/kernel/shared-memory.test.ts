import { afterEach, expect, test, vi } from "vitest";
import { createBackend } from "./backend.ts";
import { gemm } from "./gemm.ts";

afterEach(() => vi.unstubAllGlobals());

/** A platform that rejects memories for which `refuses` is true. */
function platform(refuses: (limits: WebAssembly.MemoryDescriptor) => boolean): void {
  class Memory extends WebAssembly.Memory {
    constructor(limits: WebAssembly.MemoryDescriptor) {
      if (refuses(limits)) throw new RangeError("could not allocate memory");
      super(limits);
    }
  }
  vi.stubGlobal("WebAssembly", new Proxy(WebAssembly, { get: (target, name) => (name === "Memory" ? Memory : Reflect.get(target, name)) }));
}

test("if a platform has no shared memory, the reference does the work", () => {
  platform((limits) => limits.shared === true);
  const backend = createBackend({ threads: 4 });
  expect(backend.name).toBe("reference");
  const out = new Float32Array(1);
  gemm(backend, { a: Float32Array.of(2), b: Float32Array.of(3), out, m: 1, n: 1, k: 1 });
  expect(out[0]).toBe(6);
});

test("if a platform doesn't reserve 4 GiB, kernels run in 1 GiB and say so when it is used up", () => {
  platform((limits) => (limits.maximum ?? 0) > 16384);
  const backend = createBackend({ threads: 1 });
  expect(backend.name).toMatch("wasm");
  const arena = backend.arena();
  expect(arena.float32(1000).length).toBe(1000);
  expect(() => arena.float32(2 ** 29)).toThrow("the limit is 1024 MiB");
  arena.release();
  backend.close();
});
