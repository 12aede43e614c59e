import type { ItemList } from "../../data/item-list.ts";
import type { Backend } from "../../kernel/backend.ts";
import { gemm } from "../../kernel/gemm.ts";
import { topKInner } from "../../kernel/top-k.ts";
import { Random } from "../../util/random.ts";
import type { ItemFactors } from "../definition.ts";
import { NO_ITEM } from "../ranked-lists.ts";
import { TopItems } from "../top-items.ts";
import type { OnlineSelection } from "./online-model.ts";

/** With fewer items than this, the search is exhaustive: about 100 microseconds at 64 dimensions. */
const EXACT_BELOW = 12_000;
/** The search visits at least this share of the items, and at least this many for each result wanted. */
const LEAST_SHARE = 0.06;
const LEAST_PER_WANTED = 16;
/** Rounds of k-means, and sample points per cluster. */
const ROUNDS = 6;
const SAMPLE_PER_CLUSTER = 40;
/** Multiply-adds between turns of the event loop while the index is built: a few milliseconds. */
const SLICE = 2 ** 26;

/**
 * Finds the items with the largest inner products without visiting all of them: an inverted file (Sivic and Zisserman 2003; Jégou, Douze and
 * Schmid 2011) over vectors extended by one coordinate that gives all the same length, so that the largest inner product is the nearest
 * neighbor (Bachrach et al. 2014). Clusters are searched by the inner product of their center, until enough allowed items were visited. A filter
 * makes the search longer, but never the list shorter.
 *
 * Exact until it is built, and for small catalogs.
 */
export class InnerProductIndex {
  private readonly backend: Backend;
  private readonly dimensions: number;
  /** Kept because the copies in kernel memory live as long as these arrays. */
  private readonly given: ItemFactors;
  private readonly factors: Float32Array;
  private readonly itemCount: number;
  private readonly best = new TopItems();
  private clusters: Clusters | undefined;

  constructor(backend: Backend, given: ItemFactors, itemCount: number) {
    this.backend = backend;
    this.given = given;
    this.dimensions = given.dimensions;
    this.factors = backend.resident(given.factors);
    this.itemCount = itemCount;
  }

  /** The k best allowed items, best first; all of them if fewer are allowed. */
  top(query: Float32Array, selection: OnlineSelection): ItemList {
    if (selection.k === 0) return { items: new Uint32Array(0), scores: new Float32Array(0) };
    return this.clusters === undefined ? this.exact(query, selection) : this.search(this.clusters, query, selection);
  }

  /** Clusters the items, in slices that let other work run in between. Does nothing for small catalogs. */
  async build(): Promise<void> {
    if (this.itemCount < EXACT_BELOW || this.backend.run === undefined) return;
    this.clusters = await cluster(this.backend, this.factors, this.given.bias, this.itemCount, this.dimensions);
  }

  private exact(query: Float32Array, { k, allowed }: OnlineSelection): ItemList {
    const { backend, dimensions, factors, itemCount } = this;
    const { bias } = this.given;
    let permitted = allowed.subarray(0, itemCount);
    if (permitted.length < itemCount) {
      permitted = new Uint8Array(itemCount);
      permitted.set(allowed);
    }
    const wanted = { queries: query, rows: 1, factors, items: itemCount, dimensions, k: Math.min(k, itemCount), allowed: permitted };
    const { items, scores } = topKInner(backend, bias === undefined ? wanted : { ...wanted, bias });
    const end = items.indexOf(NO_ITEM);
    return end < 0 ? { items, scores } : { items: items.slice(0, end), scores: scores.slice(0, end) };
  }

  private search(clusters: Clusters, query: Float32Array, { k, allowed }: OnlineSelection): ItemList {
    const { backend, dimensions, best } = this;
    const { count, centers, offsets, members, vectors, biases, products, order } = clusters;
    clusters.query.set(query);
    gemm(backend, { a: clusters.query, b: centers, out: products, m: 1, n: count, k: dimensions, transposeB: true });
    for (let c = 0; c < count; c++) order[c] = products[c] + clusters.centerBias[c];
    const least = Math.max(LEAST_SHARE * this.itemCount, LEAST_PER_WANTED * k);
    best.start(Math.min(k, this.itemCount));
    let seen = 0;
    for (let visited = 0; visited < count && (seen < least || best.length < k); visited++) {
      // A few of many are visited as a rule: finding the next one costs less than sorting all.
      let c = 0;
      for (let other = 1; other < count; other++) if (order[other] > order[c]) c = other;
      order[c] = Number.NEGATIVE_INFINITY;
      const from = offsets[c];
      const size = offsets[c + 1] - from;
      const b = vectors.subarray(from * dimensions, (from + size) * dimensions);
      gemm(backend, { a: clusters.query, b, out: products.subarray(0, size), m: 1, n: size, k: dimensions, transposeB: true });
      for (let i = 0; i < size; i++) {
        const item = members[from + i];
        if (allowed[item] !== 1) continue;
        seen++;
        best.offer(item, products[i] + (biases === undefined ? 0 : biases[from + i]));
      }
    }
    return best.take();
  }
}

/** Items by cluster, their vectors side by side. Arrays that kernels write or read lie in their memory. */
interface Clusters {
  readonly count: number;
  /** count x dimensions. */
  readonly centers: Float32Array;
  readonly centerBias: Float32Array;
  /** count + 1 entries. */
  readonly offsets: Uint32Array;
  readonly members: Uint32Array;
  /** In the order of members. */
  readonly vectors: Float32Array;
  readonly biases: Float32Array | undefined;
  /** Scratch: a query, inner products, and the scores of the centers. */
  readonly query: Float32Array;
  readonly products: Float32Array;
  readonly order: Float64Array;
  /** Kept because the copies in kernel memory live as long as these arrays. */
  readonly owners: readonly Float32Array[];
}

async function cluster(
  backend: Backend,
  factors: Float32Array,
  bias: Float32Array | undefined,
  items: number,
  dimensions: number,
): Promise<Clusters> {
  const count = Math.ceil(1.5 * Math.sqrt(items));
  const width = dimensions + 4;
  const points = lengthened(factors, bias, items, dimensions, width);
  const sample = new Random(1).shuffle(Uint32Array.from({ length: items }, (_, item) => item)).subarray(0, count * SAMPLE_PER_CLUSTER);
  const learned = new Float32Array(sample.length * width);
  sample.forEach((item, i) => {
    learned.set(points.subarray(item * width, (item + 1) * width), i * width);
  });
  const centers = learned.slice(0, count * width);
  for (let round = 0; round < ROUNDS; round++) {
    const nearest = await assign(backend, learned, sample.length, centers, count, width);
    recenter(learned, nearest, centers, count, width);
  }
  const nearest = await assign(backend, points, items, centers, count, width);
  return arrange(backend, { factors, bias, items, dimensions, nearest, count, centers, width });
}

/**
 * Every vector, its bias, and a last coordinate that gives all the same length. Queries have 1 at the bias and 0 at the last coordinate, so the
 * inner products stay the same. Padded to a multiple of 4.
 */
function lengthened(factors: Float32Array, bias: Float32Array | undefined, items: number, dimensions: number, width: number): Float32Array {
  const squares = new Float64Array(items);
  let most = 0;
  for (let item = 0; item < items; item++) {
    let sum = (bias?.[item] ?? 0) ** 2;
    for (let d = 0; d < dimensions; d++) sum += factors[item * dimensions + d] ** 2;
    squares[item] = sum;
    most = Math.max(most, sum);
  }
  const points = new Float32Array(items * width);
  for (let item = 0; item < items; item++) {
    points.set(factors.subarray(item * dimensions, (item + 1) * dimensions), item * width);
    points[item * width + dimensions] = bias?.[item] ?? 0;
    points[item * width + dimensions + 1] = Math.sqrt(most - squares[item]);
  }
  return points;
}

/** The nearest center of each point: the one with the largest inner product minus half its squared length. */
async function assign(
  backend: Backend,
  points: Float32Array,
  rows: number,
  centers: Float32Array,
  count: number,
  width: number,
): Promise<Uint32Array> {
  const half = new Float32Array(count);
  for (let c = 0; c < count; c++) for (let d = 0; d < width; d++) half[c] += centers[c * width + d] ** 2 / 2;
  const block = Math.max(1, Math.floor(SLICE / (count * width)));
  const products = new Float32Array(block * count);
  const nearest = new Uint32Array(rows);
  for (let from = 0; from < rows; from += block) {
    const m = Math.min(block, rows - from);
    const a = points.subarray(from * width, (from + m) * width);
    gemm(backend, { a, b: centers, out: products.subarray(0, m * count), m, n: count, k: width, transposeB: true });
    for (let row = 0; row < m; row++) {
      let best = 0;
      for (let c = 1, at = row * count; c < count; c++) if (products[at + c] - half[c] > products[at + best] - half[best]) best = c;
      nearest[from + row] = best;
    }
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  return nearest;
}

/** Moves each center to the mean of its points. A center without points stays. */
function recenter(points: Float32Array, nearest: Uint32Array, centers: Float32Array, count: number, width: number): void {
  const sums = new Float64Array(count * width);
  const sizes = new Uint32Array(count);
  for (let row = 0; row < nearest.length; row++) {
    sizes[nearest[row]]++;
    for (let d = 0, to = nearest[row] * width, from = row * width; d < width; d++) sums[to + d] += points[from + d];
  }
  for (let c = 0; c < count; c++) if (sizes[c] > 0) for (let d = 0; d < width; d++) centers[c * width + d] = sums[c * width + d] / sizes[c];
}

interface Arrangement {
  readonly factors: Float32Array;
  readonly bias: Float32Array | undefined;
  readonly items: number;
  readonly dimensions: number;
  readonly nearest: Uint32Array;
  readonly count: number;
  readonly centers: Float32Array;
  readonly width: number;
}

function arrange(backend: Backend, { factors, bias, items, dimensions, nearest, count, centers, width }: Arrangement): Clusters {
  const offsets = new Uint32Array(count + 1);
  for (let item = 0; item < items; item++) offsets[nearest[item] + 1]++;
  let largest = count;
  for (let c = 0; c < count; c++) {
    largest = Math.max(largest, offsets[c + 1]);
    offsets[c + 1] += offsets[c];
  }
  const next = offsets.slice();
  const members = new Uint32Array(items);
  const vectors = new Float32Array(items * dimensions);
  for (let item = 0; item < items; item++) {
    const place = next[nearest[item]]++;
    members[place] = item;
    vectors.set(factors.subarray(item * dimensions, (item + 1) * dimensions), place * dimensions);
  }
  const inner = new Float32Array(count * dimensions);
  const centerBias = new Float32Array(count);
  for (let c = 0; c < count; c++) {
    inner.set(centers.subarray(c * width, c * width + dimensions), c * dimensions);
    centerBias[c] = centers[c * width + dimensions];
  }
  const owners = [inner, vectors, new Float32Array(dimensions), new Float32Array(largest)];
  const [centersThere, vectorsThere, query, products] = owners.map((array) => backend.resident(array));
  return {
    ...{ count, centers: centersThere, centerBias, offsets, members, vectors: vectorsThere },
    ...{ biases: bias && Float32Array.from(members, (item) => bias[item]), query, products, order: new Float64Array(count), owners },
  };
}
