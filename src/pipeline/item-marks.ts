/** Scratch space that stores a number for a few items and resets without clearing. Use it for one step at a time. */
export class ItemMarks {
  private turns = new Uint32Array(0);
  private values = new Uint32Array(0);
  private turn = 0;

  /** Resets and makes room for items below `size`. */
  start(size: number): void {
    if (size > this.turns.length) {
      const room = Math.max(size, 2 * this.turns.length);
      this.turns = new Uint32Array(room);
      this.values = new Uint32Array(room);
      this.turn = 0;
    }
    this.turn = (this.turn + 1) >>> 0;
    if (this.turn === 0) {
      this.turns.fill(0);
      this.turn = 1;
    }
  }

  has(item: number): boolean {
    return this.turns[item] === this.turn;
  }

  /** The number of an item that is present. */
  get(item: number): number {
    return this.values[item];
  }

  set(item: number, value: number): void {
    this.turns[item] = this.turn;
    this.values[item] = value;
  }
}
