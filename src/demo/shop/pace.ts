/** Milliseconds that a speed is taken over. */
const WINDOW = 10_000;

/** How fast a growing count grows, over the last ten seconds. */
export class Pace {
  private readonly marks: { readonly time: number; readonly count: number }[] = [];

  /** Marks where the count stands at a time (milliseconds), and returns its growth a second. */
  at(time: number, count: number): number {
    this.marks.push({ time, count });
    while (this.marks.length > 2 && this.marks[1].time <= time - WINDOW) this.marks.shift();
    const [first] = this.marks;
    return time > first.time ? ((count - first.count) * 1000) / (time - first.time) : 0;
  }
}
