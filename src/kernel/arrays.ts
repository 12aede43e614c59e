import { RecoError } from "../util/errors.ts";
import type { Arena, KernelArray } from "./arena.ts";
import type { Backend } from "./backend.ts";

/** @throws RecoError `bad-input` if the array `name` of `kernel` is shorter than its shape. */
export function checkLength(kernel: string, name: string, array: ArrayLike<number>, length: number): void {
  if (array.length < length)
    throw new RecoError("bad-input", `${kernel}: \`${name}\` has ${array.length} entries; its shape needs ${length}.`);
}

/** The array itself if kernels reach it, otherwise a copy in the arena. For arrays that several kernel runs use. */
export function within<T extends KernelArray>(backend: Backend, arena: Arena, array: T): T {
  return backend.owns(array) ? array : arena.copy(array);
}
