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

/** The range of a kernel run, cut into parts of `grain` that threads take in turn, with `scratch` bytes per thread. */
export interface Work {
  readonly range: number;
  readonly grain: number;
  readonly scratch?: number;
}

/**
 * How arrays are computed: the only interface behind which implementations differ. The functions over a backend are next to this file, one per file
 * (`gemm.ts`, `cholesky.ts`, …). Each runs a kernel through {@link Backend.run} or, on the reference backend, its plain TypeScript counterpart.
 */
export interface Backend {
  /** `wasm-relaxed` (fused multiply-add), `wasm` (plain SIMD, the same bits on every machine) or `reference` (plain TypeScript, slow). */
  readonly name: "wasm-relaxed" | "wasm" | "reference";
  readonly threads: number;
  /**
   * Runs a compiled kernel. Arrays outside the shared memory are copied in before and, unless they are only read, out afterwards. Undefined on the
   * reference backend.
   */
  readonly run: ((kernel: string, work: Work, args: readonly (number | ArrayArgument)[]) => void) | undefined;
  arena(): Arena;
  /** A copy of `array` that kernels reach without copying again, kept as long as `array` itself. For data used in many calls. */
  resident<T extends KernelArray>(array: T): T;
  /** Whether `array` is in memory that an arena may free. */
  owns(array: ArrayBufferView): boolean;
  /** Stops the threads. */
  close(): void;
}

export interface BackendOptions {
  /** Threads to use, including the caller's; by default all cores, or 1 in a browser. */
  readonly threads?: number;
  /** Plain SIMD without fused multiply-add: the same bits on every machine. Default false. */
  readonly deterministic?: boolean;
  /** Plain TypeScript instead of kernels. Default false. */
  readonly reference?: boolean;
}

/**
 * Creates your own backend; close it after use. Most callers use {@link defaultBackend}. On pages without shared memory it is the reference backend,
 * which is slow but correct; its `name` tells you. Chromium gives shared memory to every page; other browsers require the headers
 * `Cross-Origin-Opener-Policy: same-origin` and `Cross-Origin-Embedder-Policy: require-corp`.
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

/** The default backend: all cores, with the fastest build that the platform supports. Created on first use. */
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
