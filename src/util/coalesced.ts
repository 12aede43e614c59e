/** Runs work one at a time. Calls made while it runs share one more run, which begins after they were made. */
export class Coalesced {
  private readonly work: () => Promise<void>;
  private running: Promise<void> = Promise.resolve();
  private next: Promise<void> | undefined;

  constructor(work: () => Promise<void>) {
    this.work = work;
  }

  /** Resolves when every run asked for so far has ended. */
  get settled(): Promise<void> {
    return this.next ?? this.running;
  }

  /** Resolves after a run that began after this call. */
  run(): Promise<void> {
    this.next ??= this.running
      .catch(() => {})
      .then(() => {
        this.next = undefined;
        this.running = this.work();
        return this.running;
      });
    return this.next;
  }
}
