export interface BprEpochArguments {
  readonly users: number;
  readonly items: number;
  /** users + 1 entries: where each user's entries start in `indices`. */
  readonly offsets: Uint32Array;
  /** The item of each entry. The entries of a user get reordered. */
  readonly indices: Uint32Array;
  /** Row-major, users x dimensions. */
  readonly userFactors: Float32Array;
  /** Row-major, items x dimensions. */
  readonly itemFactors: Float32Array;
  readonly itemBias: Float32Array;
  /** A multiple of 4. */
  readonly dimensions: number;
  readonly learningRate: number;
  readonly regularization: number;
  /** How likely each item is to be drawn as a negative, >= 0; uniform if omitted. */
  readonly negativeWeights?: Float32Array;
  /** Number of negatives drawn per step; the one with the highest score is used. 1 if omitted. */
  readonly candidates?: number;
  readonly seed: number;
}

export interface BprFoldInArguments {
  readonly rows: { readonly rows: number; readonly offsets: Uint32Array; readonly indices: Uint32Array };
  readonly items: number;
  readonly itemFactors: Float32Array;
  readonly itemBias: Float32Array;
  /** A multiple of 4. */
  readonly dimensions: number;
  readonly learningRate: number;
  readonly regularization: number;
  readonly epochs: number;
  /** Row-major, rows.rows x dimensions. */
  readonly out: Float32Array;
}

/** The data of one round of an epoch, the same for kernel and reference. */
export interface BprRound extends BprEpochArguments {
  readonly blocks: number;
  readonly round: number;
  /** Users by position; block b has positions floor(b * users / blocks) … */
  readonly userOrder: Uint32Array;
  /** Items by position, in blocks likewise. */
  readonly itemOrder: Uint32Array;
  /** The block of each item. */
  readonly blockOf: Uint8Array;
  /** The next entry of each user. */
  readonly cursors: Uint32Array;
  /** Running sums of `negativeWeights` in position order. */
  readonly cumulative: Float64Array | undefined;
  /** High and low half of the rounds' seed. */
  readonly key: readonly [number, number];
}

const MASK = (1n << 64n) - 1n;

/** The random streams of assembly/bpr.ts: PCG XSH-RR, seeded through splitmix64. */
class Stream {
  state: bigint;
  constructor(state: bigint) {
    this.state = state;
  }
  static of(seed: bigint, part: bigint): Stream {
    let z = (seed + part * 0x9e3779b97f4a7c15n) & MASK;
    z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK;
    z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & MASK;
    return new Stream(z ^ (z >> 31n));
  }
  bits(): bigint {
    this.state = (this.state * 6364136223846793005n + 1442695040888963407n) & MASK;
    const x = (((this.state >> 18n) ^ this.state) >> 27n) & 0xffffffffn;
    const turn = this.state >> 59n;
    return ((x >> turn) | (x << (32n - turn))) & 0xffffffffn;
  }
}

/** One round of `bprEpoch` in plain TypeScript: all parts, one after another. */
export function bprRoundReference(args: BprRound): void {
  const { users, items, offsets, indices, blocks, round, userOrder, itemOrder, blockOf, cursors, cumulative, key } = args;
  const placeOf = (block: number, count: number) => Math.floor((block * count) / blocks);
  for (let own = 0; own < blocks; own++) {
    const target = (own + round) % blocks;
    const first = placeOf(target, items);
    const last = placeOf(target + 1, items);
    const below = cumulative && first > 0 ? cumulative[first - 1] : 0;
    const stream = Stream.of((BigInt(key[0]) << 32n) | BigInt(key[1]), BigInt(round * blocks + own + 1));
    for (let place = placeOf(own, users); place < placeOf(own + 1, users); place++) {
      const user = userOrder[place];
      const [from, to] = [offsets[user], offsets[user + 1]];
      if (round === 0) {
        // Entries by the round in which they are used; within a round, in their previous order.
        const entries = Array.from(indices.subarray(from, to));
        const turn = (item: number) => (blockOf[item] - own + blocks) % blocks;
        indices.set(
          entries.sort((a, b) => turn(a) - turn(b)),
          from,
        );
        cursors[user] = from;
      }
      const start = cursors[user];
      let end = start;
      while (end < to && blockOf[indices[end]] === target) end++;
      cursors[user] = end;
      const positives = indices.subarray(start, end);
      for (const positive of positives) {
        let negative = -1;
        let highest = 0;
        for (let c = 0; c < (args.candidates ?? 1); c++)
          for (let attempt = 0; attempt < 8; attempt++) {
            const bits = stream.bits();
            let draw = first + Number((bits * BigInt(last - first)) >> 32n);
            if (cumulative) {
              const value = below + (cumulative[last - 1] - below) * ((Number(bits) + 0.5) / 2 ** 32);
              draw = first;
              while (draw < last - 1 && cumulative[draw] <= value) draw++;
            }
            const drawn = itemOrder[draw];
            if (positives.includes(drawn)) continue;
            const value = score(args, user, drawn);
            if (negative < 0 || value > highest) [negative, highest] = [drawn, value];
            break;
          }
        if (negative >= 0) step(args, user, positive, negative);
      }
    }
  }
}

function score({ userFactors, itemFactors, itemBias, dimensions: k }: BprRound, user: number, item: number): number {
  let sum = itemBias[item];
  for (let d = 0; d < k; d++) sum += userFactors[user * k + d] * itemFactors[item * k + d];
  return sum;
}

function step(
  { userFactors, itemFactors, itemBias, dimensions: k, learningRate, regularization }: BprRound,
  user: number,
  i: number,
  j: number,
): void {
  let margin = itemBias[i] - itemBias[j];
  for (let d = 0; d < k; d++) margin += userFactors[user * k + d] * (itemFactors[i * k + d] - itemFactors[j * k + d]);
  const g = learningRate / (1 + Math.exp(margin));
  const keep = 1 - learningRate * regularization;
  for (let d = 0; d < k; d++) {
    const [u, p, q] = [userFactors[user * k + d], itemFactors[i * k + d], itemFactors[j * k + d]];
    userFactors[user * k + d] = keep * u + g * (p - q);
    itemFactors[i * k + d] = keep * p + g * u;
    itemFactors[j * k + d] = keep * q - g * u;
  }
  itemBias[i] = keep * itemBias[i] + g;
  itemBias[j] = keep * itemBias[j] - g;
}

/** `bprFoldIn` in plain TypeScript. */
export function bprFoldInReference(args: BprFoldInArguments): void {
  const { rows, items, itemFactors, itemBias, dimensions: k, learningRate, regularization, epochs, out } = args;
  for (let row = 0; row < rows.rows; row++) {
    const entries = rows.indices.subarray(rows.offsets[row], rows.offsets[row + 1]);
    const u = out.subarray(row * k, (row + 1) * k).fill(0);
    let stream = new Stream(BigInt(entries.length));
    for (const item of entries) stream = Stream.of(stream.state, BigInt(item) + 1n);
    for (let epoch = 0; epoch < epochs; epoch++) {
      const rate = learningRate * (1 - epoch / epochs);
      for (const i of entries) {
        const j = Number((stream.bits() * BigInt(items)) >> 32n);
        let margin = itemBias[i] - itemBias[j];
        for (let d = 0; d < k; d++) margin += u[d] * (itemFactors[i * k + d] - itemFactors[j * k + d]);
        const g = rate / (1 + Math.exp(margin));
        for (let d = 0; d < k; d++) u[d] = u[d] * (1 - rate * regularization) + g * (itemFactors[i * k + d] - itemFactors[j * k + d]);
      }
    }
  }
}
