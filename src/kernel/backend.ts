import { type Arena, BlockArena, type KernelArray } from "./arena.ts";
import { compileKernels } from "./compile.ts";
import { Pool, RESERVED_BYTES } from "./pool.ts";
import { SharedMemory } from "./shared-memory.ts";

/** How a kernel uses an array: reads it, writes all of it, or both. */
export interface ArrayArgument {
  readonly array: KernelArray;
  readonly mode: "read" | "write" | "update";
}

export const read = (array: KernelArray): ArrayArgument => ({ array, mode: "read" });
export const write = (array: KernelArray): ArrayArgument => ({ array, mode: "write" });
export const update = (array: KernelArray): ArrayArgument => ({ array, mode: "update" });

/** The range a kernel is run over, cut into parts of `grain` that threads take in turn, with `scratch` bytes for each thread. */
export interface Work {
  readonly range: number;
  readonly grain: number;
  readonly scratch?: number;
}

/**
 * How arrays are computed: the one door behind which implementations differ. Functions over a backend are beside this file, one a
 * file (`gemm.ts`, `cholesky.ts`, …); each runs a kernel through {@link Backend.run} or, in the reference backend, its plain TypeScript
 * counterpart.
 */
export interface Backend {
  /** `wasm-relaxed` (fused multiply-add), `wasm` (plain SIMD, the same bits on every machine) or `reference` (plain TypeScript, slow). */
  readonly name: "wasm-relaxed" | "wasm" | "reference";
  readonly threads: number;
  /**
   * Runs a compiled kernel. Arrays outside the shared memory are copied in before and, unless only read, out after. In the reference
   * backend it is undefined.
   */
  readonly run: ((kernel: string, work: Work, args: readonly (number | ArrayArgument)[]) => void) | undefined;
  arena(): Arena;
  /** A copy of `array` that kernels reach without copying again, kept as long as `array` itself. For what is used in many calls. */
  resident<T extends KernelArray>(array: T): T;
  /** Whether `array` lies in memory that an arena may free. */
  owns(array: ArrayBufferView): boolean;
  /** Stops the threads. */
  close(): void;
}

export interface BackendOptions {
  /** Threads to use, the caller's included; all cores when absent, 1 in a browser. */
  readonly threads?: number;
  /** Plain SIMD without fused multiply-add: the same bits on every machine. Default false. */
  readonly deterministic?: boolean;
  /** Plain TypeScript instead of kernels. Default false. */
  readonly reference?: boolean;
}

/**
 * A backend of one's own, to be closed after use. Most callers use {@link defaultBackend}. Where a page may not have shared memory, it is the
 * reference backend, slow but right; its `name` says so. Chromium gives shared memory to every page; a server that sends the headers
 * `Cross-Origin-Opener-Policy: same-origin` and `Cross-Origin-Embedder-Policy: require-corp` gets it in every browser.
 */
export function createBackend(options: BackendOptions = {}): Backend {
  if (options.reference) return referenceBackend();
  const memory = SharedMemory.create(RESERVED_BYTES);
  if (memory === undefined) return referenceBackend();
  const { module, relaxed } = compileKernels(options.deterministic ?? false);
  const pool = new Pool(module, memory, options.threads ?? cores());
  const allocate = (bytes: number) => memory.allocate(bytes);
  const free = (pointer: number) => memory.release(pointer);
  const residents = new WeakMap<KernelArray, KernelArray>();
  const registry = new FinalizationRegistry<number>((pointer) => memory.release(pointer));

  const run = (kernel: string, work: Work, args: readonly (number | ArrayArgument)[]): void => {
    const borrowed: { view: Uint8Array; argument: ArrayArgument }[] = [];
    try {
      const numbers = args.map((argument) => {
        if (typeof argument === "number") return argument;
        const { array, mode } = argument;
        if (memory.holds(array)) return array.byteOffset;
        const resident = mode === "read" ? residents.get(array) : undefined;
        if (resident !== undefined) return resident.byteOffset;
        const { buffer, pointer } = memory.allocate(array.byteLength);
        const view = new Uint8Array(buffer, pointer, array.byteLength);
        if (mode !== "write") view.set(bytesOf(array));
        borrowed.push({ view, argument });
        return pointer;
      });
      pool.run(kernel, work.range, work.grain, work.scratch ?? 0, numbers);
      for (const { view, argument } of borrowed) if (argument.mode !== "read") bytesOf(argument.array).set(view);
    } finally {
      for (const { view } of borrowed) memory.release(view.byteOffset);
    }
  };

  return {
    name: relaxed ? "wasm-relaxed" : "wasm",
    threads: pool.threads,
    run,
    arena: () => new BlockArena(allocate, free),
    resident(array) {
      if (memory.holds(array)) return array;
      let kept = residents.get(array);
      if (kept === undefined) {
        const { buffer, pointer } = memory.allocate(array.byteLength);
        kept = new (array.constructor as new (buffer: ArrayBufferLike, offset: number, length: number) => KernelArray)(
          buffer,
          pointer,
          array.length,
        );
        kept.set(array);
        residents.set(array, kept);
        registry.register(array, pointer);
      }
      return kept as typeof array;
    },
    owns: (array) => memory.holds(array),
    close: () => pool.close(),
  };
}

let shared: Backend | undefined;

/** The backend used when none is given: all cores, the fastest build that the platform runs. Made at its first use. */
export function defaultBackend(): Backend {
  shared ??= createBackend();
  return shared;
}

function referenceBackend(): Backend {
  const allocate = (bytes: number) => ({ buffer: new ArrayBuffer(Math.ceil(bytes / 8) * 8), pointer: 0 });
  return {
    name: "reference",
    threads: 1,
    run: undefined,
    arena: () => new BlockArena(allocate, () => {}),
    resident: (array) => array,
    owns: () => false,
    close: () => {},
  };
}

function cores(): number {
  return globalThis.process?.getBuiltinModule?.("node:os")?.availableParallelism() ?? 1;
}

function bytesOf(array: KernelArray): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
