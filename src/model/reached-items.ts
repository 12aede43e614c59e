/** Running sums of scores for the items that one history reaches. Counting turns empties it, which is cheaper than clearing arrays. */
export class ReachedItems {
  /** The items reached, in order of arrival: the first `count` entries. */
  readonly items: Uint32Array;
  count = 0;
  readonly #sums: Float32Array;
  readonly #turns: Uint32Array;
  #turn = 0;

  constructor(itemCount: number) {
    this.items = new Uint32Array(itemCount);
    this.#sums = new Float32Array(itemCount);
    this.#turns = new Uint32Array(itemCount);
  }

  start(): void {
    this.count = 0;
    if (++this.#turn <= 0xffffffff) return;
    this.#turns.fill(0);
    this.#turn = 1;
  }

  add(item: number, score: number): void {
    if (this.#turns[item] === this.#turn) this.#sums[item] += score;
    else {
      this.#turns[item] = this.#turn;
      this.#sums[item] = score;
      this.items[this.count++] = item;
    }
  }

  has(item: number): boolean {
    return this.#turns[item] === this.#turn;
  }

  /** 0 for an item that wasn't reached. */
  scoreOf(item: number): number {
    return this.#turns[item] === this.#turn ? this.#sums[item] : 0;
  }
}
