import { offer, offerRun, finishSelection, selectionBytes, startSelection } from "./selection";
import { address, integer, multiplyAdd } from "./simd";

// Every kernel here selects for rows x items, and starts with the same arguments: 0 items, 1 k, 2 items out, 3 scores out, 4 offsets of the
// excluded items (0: none), 5 excluded items, 6 allowed (0: all). Results of a part that sees only a segment of the items are merged
// by `topKMerge`.

// @ts-ignore: decorator
@inline
function excludedFrom(args: usize, row: i32): usize {
  const offsets = address(args, 4);
  return offsets == 0 ? 0 : address(args, 5) + (<usize>load<u32>(offsets + (<usize>row << 2)) << 2);
}

// @ts-ignore: decorator
@inline
function excludedTo(args: usize, row: i32): usize {
  const offsets = address(args, 4);
  return offsets == 0 ? 0 : address(args, 5) + (<usize>load<u32>(offsets + (<usize>row << 2), 4) << 2);
}

/** Place of result `at`, each k long. */
// @ts-ignore: decorator
@inline
function place(args: usize, argument: i32, at: i32): usize {
  return address(args, argument) + (<usize>at * integer(args, 1) << 2);
}

/** Given scores. Parts are rows x segments. Arguments from 7: scores (rows x items), segments, items of a segment. */
export function topKScores(args: usize, begin: i32, end: i32, scratch: usize): void {
  const items = integer(args, 0);
  const k = integer(args, 1);
  const segments = integer(args, 8);
  const length = integer(args, 9);
  const selection = scratch + 16;
  for (let part = begin; part < end; part++) {
    const row = part / segments;
    const first = (part % segments) * length;
    startSelection(selection, scratch);
    const scores = address(args, 7) + ((<usize>row * items + first) << 2);
    offerRun(selection, scratch, k, scores, min(length, items - first), first, address(args, 6), excludedFrom(args, row), excludedTo(args, row));
    finishSelection(selection, scratch, k, place(args, 2, part), place(args, 3, part));
  }
}

/** The best k of each row's candidates, rows [begin, end). Arguments: candidates of a row, k, items out, scores out, items, scores. */
export function topKMerge(args: usize, begin: i32, end: i32, scratch: usize): void {
  const count = integer(args, 0);
  const k = integer(args, 1);
  const selection = scratch + 16;
  for (let row = begin; row < end; row++) {
    startSelection(selection, scratch);
    for (let i = 0; i < count; i++) {
      const at = (<usize>row * count + i) << 2;
      const score = load<f32>(address(args, 5) + at);
      if (score >= load<f32>(scratch)) offer(selection, scratch, k, score, load<u32>(address(args, 4) + at), 0, 0);
    }
    finishSelection(selection, scratch, k, place(args, 2, row), place(args, 3, row));
  }
}

/** Items scored at once by {@link topKFew}. */
const RUN = 128;

/**
 * Inner products for few queries, factors as they are. Parts are segments of items. Arguments from 7: queries (rows x dimensions), rows,
 * factors (items x dimensions), dimensions, bias (0: none), segments, items of a segment. Results are rows x segments.
 */
export function topKFew(args: usize, begin: i32, end: i32, scratch: usize): void {
  const items = integer(args, 0);
  const k = integer(args, 1);
  const rows = integer(args, 8);
  const dimensions = integer(args, 10);
  const bias = address(args, 11);
  const segments = integer(args, 12);
  const length = integer(args, 13);
  const bytes = selectionBytes(k);
  const scores = scratch;
  const thresholds = scratch + RUN * 4;
  const selections = thresholds + ((<usize>rows * 4 + 15) & ~15);
  for (let part = begin; part < end; part++) {
    for (let row = 0; row < rows; row++) startSelection(selections + <usize>row * bytes, thresholds + (<usize>row << 2));
    const last = min(items, (part + 1) * length);
    for (let first = part * length; first < last; first += RUN) {
      const count = min(RUN, last - first);
      for (let row = 0; row < rows; row++) {
        const query = address(args, 7) + (<usize>row * dimensions << 2);
        innerProducts(query, address(args, 9) + (<usize>first * dimensions << 2), dimensions, count, scores);
        if (bias != 0)
          for (let i = 0; i < count; i++) {
            const at = <usize>i << 2;
            store<f32>(scores + at, load<f32>(scores + at) + load<f32>(bias + (<usize>first << 2) + at));
          }
        const threshold = thresholds + (<usize>row << 2);
        offerRun(selections + <usize>row * bytes, threshold, k, scores, count, first, address(args, 6), excludedFrom(args, row), excludedTo(args, row));
      }
    }
    for (let row = 0; row < rows; row++) {
      const at = row * segments + part;
      finishSelection(selections + <usize>row * bytes, thresholds + (<usize>row << 2), k, place(args, 2, at), place(args, 3, at));
    }
  }
}

/** Adds up in the order of the dimensions, one item a lane, as {@link tileAbove} does: so a query alone gets the same bits as among many. */
function innerProducts(query: usize, factors: usize, dimensions: i32, count: i32, out: usize): void {
  const row = <usize>dimensions << 2;
  let i = 0;
  for (; i + 8 <= count; i += 8, factors += 8 * row) {
    let s = f32x4.splat(0);
    let t = f32x4.splat(0);
    let p: usize = 0;
    for (; p + 16 <= row; p += 16) {
      const q = v128.load(query + p);
      s = fourSteps(q, factors + p, row, s);
      t = fourSteps(q, factors + p + 4 * row, row, t);
    }
    for (; p < row; p += 4) {
      const q = v128.load32_splat(query + p);
      s = multiplyAdd(q, gather(factors + p, row), s);
      t = multiplyAdd(q, gather(factors + p + 4 * row, row), t);
    }
    v128.store(out + (<usize>i << 2), s);
    v128.store(out + (<usize>i << 2), t, 16);
  }
  for (; i < count; i++, factors += row) {
    let s = f32x4.splat(0);
    for (let p: usize = 0; p < row; p += 4) s = multiplyAdd(v128.load32_splat(query + p), v128.load32_splat(factors + p), s);
    store<f32>(out + (<usize>i << 2), f32x4.extract_lane(s, 0));
  }
}

/** Four dimensions of four items, transposed in registers. */
// @ts-ignore: decorator
@inline
function fourSteps(q: v128, from: usize, row: usize, sum: v128): v128 {
  const a = v128.load(from);
  const b = v128.load(from + row);
  const c = v128.load(from + 2 * row);
  const d = v128.load(from + 3 * row);
  const ab = i32x4.shuffle(a, b, 0, 4, 1, 5);
  const cd = i32x4.shuffle(c, d, 0, 4, 1, 5);
  sum = multiplyAdd(i32x4.shuffle(q, q, 0, 0, 0, 0), i32x4.shuffle(ab, cd, 0, 1, 4, 5), sum);
  sum = multiplyAdd(i32x4.shuffle(q, q, 1, 1, 1, 1), i32x4.shuffle(ab, cd, 2, 3, 6, 7), sum);
  const ef = i32x4.shuffle(a, b, 2, 6, 3, 7);
  const gh = i32x4.shuffle(c, d, 2, 6, 3, 7);
  sum = multiplyAdd(i32x4.shuffle(q, q, 2, 2, 2, 2), i32x4.shuffle(ef, gh, 0, 1, 4, 5), sum);
  return multiplyAdd(i32x4.shuffle(q, q, 3, 3, 3, 3), i32x4.shuffle(ef, gh, 2, 3, 6, 7), sum);
}

/** One dimension of four items. */
// @ts-ignore: decorator
@inline
function gather(from: usize, row: usize): v128 {
  let v = v128.load32_splat(from);
  v = f32x4.replace_lane(v, 1, load<f32>(from + row));
  v = f32x4.replace_lane(v, 2, load<f32>(from + 2 * row));
  return f32x4.replace_lane(v, 3, load<f32>(from + 3 * row));
}

/** Columns scored at once by {@link topKDense}, in registers. */
const STRIPE = 32;
/** Columns copied at once: every row of the matrix is a separate page, so touching it must pay off. */
const STRIPES_COPIED = 4;

/**
 * Histories times a dense matrix, rows [begin, end). Arguments from 7: offsets, indices and values of the histories, matrix (items x
 * items), rows in a block. Scratch: 32 numbers, items x 128 numbers, and a threshold and a selection for each row of a block.
 */
export function topKDense(args: usize, begin: i32, end: i32, scratch: usize): void {
  const items = integer(args, 0);
  const k = integer(args, 1);
  const offsets = address(args, 7);
  const matrix = address(args, 10);
  const block = integer(args, 11);
  const bytes = selectionBytes(k);
  const stripes = scratch + STRIPE * 4;
  const thresholds = stripes + <usize>items * STRIPE * STRIPES_COPIED * 4;
  const selections = thresholds + ((<usize>block * 4 + 15) & ~15);
  for (let top = begin; top < end; top += block) {
    const bottom = min(end, top + block);
    for (let row = top; row < bottom; row++) startSelection(selections + <usize>(row - top) * bytes, thresholds + (<usize>(row - top) << 2));
    // Copies of stripes lie densely in the cache; they pay where the histories together read the matrix more than once.
    const entries = load<u32>(offsets + (<usize>bottom << 2)) - load<u32>(offsets + (<usize>top << 2));
    const copied = entries > <u32>(2 * items);
    for (let first = 0; first < items; first += STRIPE) {
      const stripe = (first / STRIPE) % STRIPES_COPIED;
      if (copied && stripe == 0) copyStripes(matrix + (<usize>first << 2), items, items - first, stripes);
      const from = copied ? stripes + <usize>items * STRIPE * 4 * stripe : matrix + (<usize>first << 2);
      const stride = copied ? <usize>STRIPE << 2 : <usize>items << 2;
      const count = min(STRIPE, items - first);
      for (let row = top; row < bottom; row++) {
        if (copied || count == STRIPE) historyTimesStripe(args, row, from, stride, scratch);
        else for (let column = 0; column < count; column++) historyTimesColumn(args, row, from + (<usize>column << 2), stride, scratch + (<usize>column << 2));
        const selection = selections + <usize>(row - top) * bytes;
        const threshold = thresholds + (<usize>(row - top) << 2);
        offerRun(selection, threshold, k, scratch, count, first, address(args, 6), excludedFrom(args, row), excludedTo(args, row));
      }
    }
    for (let row = top; row < bottom; row++)
      finishSelection(selections + <usize>(row - top) * bytes, thresholds + (<usize>(row - top) << 2), k, place(args, 2, row), place(args, 3, row));
  }
}

/** Copies up to 4 stripes of `rows` rows, each stripe on its own, zeros past the last of `columns` columns. */
function copyStripes(from: usize, rows: i32, columns: i32, to: usize): void {
  const size = <usize>rows * STRIPE * 4;
  for (let row = 0; row < rows; row++, from += <usize>rows << 2, to += STRIPE * 4) {
    for (let stripe = 0; stripe < min(STRIPES_COPIED, (columns + STRIPE - 1) / STRIPE); stripe++) {
      const source = from + <usize>(stripe * STRIPE * 4);
      const target = to + <usize>stripe * size;
      const count = min(STRIPE, columns - stripe * STRIPE);
      if (count == STRIPE) for (let at: usize = 0; at < <usize>(STRIPE * 4); at += 16) v128.store(target + at, v128.load(source + at));
      else
        for (let i = 0; i < STRIPE; i++) {
          const value: f32 = i < count ? load<f32>(source + (<usize>i << 2)) : 0;
          store<f32>(target + (<usize>i << 2), value);
        }
    }
  }
}

function historyTimesStripe(args: usize, row: i32, stripe: usize, stride: usize, out: usize): void {
  const offsets = address(args, 7) + (<usize>row << 2);
  let index = address(args, 8) + (<usize>load<u32>(offsets) << 2);
  let value = address(args, 9) + (<usize>load<u32>(offsets) << 2);
  const last = address(args, 8) + (<usize>load<u32>(offsets, 4) << 2);
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  let s2 = f32x4.splat(0);
  let s3 = f32x4.splat(0);
  let s4 = f32x4.splat(0);
  let s5 = f32x4.splat(0);
  let s6 = f32x4.splat(0);
  let s7 = f32x4.splat(0);
  for (; index < last; index += 4, value += 4) {
    const from = stripe + <usize>load<u32>(index) * stride;
    const weight = v128.load32_splat(value);
    s0 = multiplyAdd(weight, v128.load(from), s0);
    s1 = multiplyAdd(weight, v128.load(from, 16), s1);
    s2 = multiplyAdd(weight, v128.load(from, 32), s2);
    s3 = multiplyAdd(weight, v128.load(from, 48), s3);
    s4 = multiplyAdd(weight, v128.load(from, 64), s4);
    s5 = multiplyAdd(weight, v128.load(from, 80), s5);
    s6 = multiplyAdd(weight, v128.load(from, 96), s6);
    s7 = multiplyAdd(weight, v128.load(from, 112), s7);
  }
  v128.store(out, s0);
  v128.store(out, s1, 16);
  v128.store(out, s2, 32);
  v128.store(out, s3, 48);
  v128.store(out, s4, 64);
  v128.store(out, s5, 80);
  v128.store(out, s6, 96);
  v128.store(out, s7, 112);
}

function historyTimesColumn(args: usize, row: i32, column: usize, stride: usize, out: usize): void {
  const offsets = address(args, 7) + (<usize>row << 2);
  let sum = f32x4.splat(0);
  for (let at = <usize>load<u32>(offsets) << 2; at < <usize>load<u32>(offsets, 4) << 2; at += 4)
    sum = multiplyAdd(v128.load32_splat(address(args, 9) + at), v128.load32_splat(column + <usize>load<u32>(address(args, 8) + at) * stride), sum);
  store<f32>(out, f32x4.extract_lane(sum, 0));
}
