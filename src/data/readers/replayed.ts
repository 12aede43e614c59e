/**
 * A stream of which the first block was read to look at it, from the start again. Unlike a generator, it closes the rest also if nothing was read of it
 * yet.
 */
export function replayed(
  first: Uint8Array | undefined,
  rest: AsyncIterator<Uint8Array, unknown, undefined>,
): AsyncIterableIterator<Uint8Array, undefined, undefined> {
  let waiting = first;
  let over = false;
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      if (waiting !== undefined) {
        const value = waiting;
        waiting = undefined;
        return { value, done: false };
      }
      if (over) return { value: undefined, done: true };
      const next = await rest.next();
      if (!next.done) return { value: next.value, done: false };
      over = true;
      return { value: undefined, done: true };
    },
    async return() {
      waiting = undefined;
      if (!over) await rest.return?.();
      over = true;
      return { value: undefined, done: true };
    },
  };
}
