// @ts-check
// One thread of the pool. Plain JavaScript, because Node 20 can't start workers from TypeScript. pool.ts describes the protocol.
import { workerData } from "node:worker_threads";

const { module, memory, thread, control } = workerData;
const instance = new WebAssembly.Instance(module, { env: { memory } });
const kernels = Object.entries(instance.exports).filter((entry) => typeof entry[1] === "function");
const byName = new Map(/** @type {[string, (args: number, begin: number, end: number, scratch: number) => void][]} */ (kernels));
const state = new Int32Array(memory.buffer, control.pointer, control.length);
const { GENERATION, OPEN, ACTIVE, KERNEL, ARGUMENTS, RANGE, GRAIN, NEXT, SCRATCH, SCRATCH_BYTES, FAILED } = control.slots;

let seen = 0;
for (;;) {
  // Spin briefly first: jobs often follow each other within microseconds.
  for (let i = 0; i < 2000 && Atomics.load(state, GENERATION) === seen; i++);
  Atomics.wait(state, GENERATION, seen);
  seen = Atomics.load(state, GENERATION);
  Atomics.add(state, ACTIVE, 1);
  if (Atomics.load(state, OPEN) === 1) {
    const kernel = byName.get(control.kernels[state[KERNEL]]);
    const scratch = (state[SCRATCH] >>> 0) + thread * state[SCRATCH_BYTES];
    try {
      for (;;) {
        const begin = Atomics.add(state, NEXT, state[GRAIN]);
        if (begin >= state[RANGE]) break;
        kernel?.(state[ARGUMENTS] >>> 0, begin, Math.min(begin + state[GRAIN], state[RANGE]), scratch);
      }
    } catch {
      Atomics.store(state, FAILED, 1);
    }
  }
  if (Atomics.sub(state, ACTIVE, 1) === 1) Atomics.notify(state, ACTIVE);
}
