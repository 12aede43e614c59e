import { RecoError } from "../util/errors.ts";
import type { SharedMemory } from "./shared-memory.ts";

/** A kernel processes the part [begin, end) of its range. `args` points to its arguments (64-bit floats), `scratch` to memory of this thread. */
export type Kernel = (args: number, begin: number, end: number, scratch: number) => void;

/** Slots of the control block, 32-bit integers in shared memory. */
const slots = {
  /** Incremented once per job; idle workers sleep on it. */
  GENERATION: 0,
  /** 1 while workers may join the job. */
  OPEN: 1,
  /** Number of workers in the job. The caller waits for 0 before it touches the block again. */
  ACTIVE: 2,
  KERNEL: 3,
  ARGUMENTS: 4,
  RANGE: 5,
  GRAIN: 6,
  /** The first index not yet taken. Threads take the next `GRAIN` of the range until it is used up. */
  NEXT: 7,
  SCRATCH: 8,
  SCRATCH_BYTES: 9,
  FAILED: 10,
} as const;

const CONTROL_POINTER = 64;
const CONTROL_LENGTH = 16;
/** Memory below this address belongs to the pool. */
export const RESERVED_BYTES = 1024;

interface WorkerLike {
  unref(): void;
  terminate(): Promise<number>;
  on(event: "error", listener: (error: Error) => void): void;
}
type WorkerConstructor = new (url: URL, options: { workerData: unknown }) => WorkerLike;

/**
 * The threads that share a kernel's work. A job cuts its range into parts of `grain`, which the caller's thread and the workers take in turn. The parts
 * don't depend on the number of threads, so neither do results. A worker that is late, or never starts, costs only speed. To publish a job, the
 * caller writes its fields and then opens it. A worker counts itself in before it checks whether the job is open, and the caller closes the job before
 * it waits for the count to reach 0. So no worker ever reads a half-written job.
 */
export class Pool {
  /** Number of threads, including the caller's. */
  readonly threads: number;
  private readonly kernels: ReadonlyMap<string, Kernel>;
  private readonly numbers: ReadonlyMap<string, number>;
  private readonly memory: SharedMemory;
  private readonly control: Int32Array;
  private readonly workers: WorkerLike[] = [];
  private scratch = { pointer: 0, bytes: 0 };

  constructor(module: WebAssembly.Module, memory: SharedMemory, threads: number) {
    const instance = new WebAssembly.Instance(module, { env: { memory: memory.memory } });
    const kernels = new Map<string, Kernel>();
    for (const [name, value] of Object.entries(instance.exports)) if (typeof value === "function") kernels.set(name, value as Kernel);
    this.kernels = kernels;
    const names = [...kernels.keys()];
    this.numbers = new Map(names.map((name, i) => [name, i]));
    this.memory = memory;
    this.control = new Int32Array(memory.buffer, CONTROL_POINTER, CONTROL_LENGTH);
    const Worker = threads > 1 ? workerConstructor() : undefined;
    this.threads = Worker === undefined ? 1 : threads;
    const control = { pointer: CONTROL_POINTER, length: CONTROL_LENGTH, slots, kernels: names };
    for (let thread = 1; thread < this.threads && Worker !== undefined; thread++) {
      const worker = new Worker(new URL("./worker.js", import.meta.url), {
        workerData: { module, memory: memory.memory, thread, control },
      });
      // The caller's thread does the work of a worker that fails to start.
      worker.on("error", () => {});
      worker.unref();
      this.workers.push(worker);
    }
  }

  /**
   * Runs a kernel over [0, range) in parts of `grain`, and returns when everything is done.
   *
   * @param scratchBytes memory that each thread needs
   */
  run(kernel: string, range: number, grain: number, scratchBytes: number, args: readonly number[]): void {
    const call = this.kernels.get(kernel);
    if (call === undefined) throw new RecoError("bad-input", `Unknown kernel: "${kernel}".`);
    if (range <= 0) return;
    this.reserveScratch(scratchBytes);
    const { pointer } = this.memory.allocate(args.length * 8);
    new Float64Array(this.memory.buffer, pointer, args.length).set(args);
    try {
      if (this.workers.length === 0 || range <= grain) {
        for (let begin = 0; begin < range; begin += grain) call(pointer, begin, Math.min(begin + grain, range), this.scratch.pointer);
      } else this.share(call, kernel, range, grain, pointer);
    } finally {
      this.memory.release(pointer);
    }
  }

  close(): void {
    for (const worker of this.workers) void worker.terminate();
    this.workers.length = 0;
  }

  private share(call: Kernel, kernel: string, range: number, grain: number, args: number): void {
    const { control } = this;
    control[slots.KERNEL] = this.numbers.get(kernel) ?? -1;
    control[slots.ARGUMENTS] = args;
    control[slots.RANGE] = range;
    control[slots.GRAIN] = grain;
    control[slots.SCRATCH] = this.scratch.pointer;
    control[slots.SCRATCH_BYTES] = this.scratch.bytes;
    Atomics.store(control, slots.NEXT, 0);
    Atomics.store(control, slots.FAILED, 0);
    Atomics.store(control, slots.OPEN, 1);
    Atomics.add(control, slots.GENERATION, 1);
    Atomics.notify(control, slots.GENERATION);
    try {
      for (;;) {
        const begin = Atomics.add(control, slots.NEXT, grain);
        if (begin >= range) break;
        call(args, begin, Math.min(begin + grain, range), this.scratch.pointer);
      }
    } finally {
      Atomics.store(control, slots.NEXT, range);
      Atomics.store(control, slots.OPEN, 0);
      for (let spins = 0; ; spins++) {
        const active = Atomics.load(control, slots.ACTIVE);
        if (active === 0) break;
        if (spins > 2000) Atomics.wait(control, slots.ACTIVE, active, 1);
      }
    }
    if (Atomics.load(control, slots.FAILED) === 1)
      throw new RecoError("bad-input", `The kernel "${kernel}" failed in a worker: its arguments don't match.`);
  }

  private reserveScratch(bytes: number): void {
    const rounded = Math.ceil(bytes / 64) * 64;
    if (rounded <= this.scratch.bytes) return;
    if (this.scratch.bytes > 0) this.memory.release(this.scratch.pointer);
    const { pointer } = this.memory.allocate(rounded * this.threads);
    this.scratch = { pointer, bytes: rounded };
  }
}

/** Worker threads of Node, Bun or Deno; undefined in a browser, where kernels run on one thread. */
function workerConstructor(): WorkerConstructor | undefined {
  const builtin = globalThis.process?.getBuiltinModule?.("node:worker_threads");
  return builtin?.Worker as unknown as WorkerConstructor | undefined;
}
