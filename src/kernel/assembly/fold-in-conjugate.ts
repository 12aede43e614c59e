import { addFour, BATCH, DESCRIPTION, four, fourDots, gather, multiplyGram } from "./fold-in-batch";
import { address, integer, multiplyAdd, multiplySubtract, real, sumLanes } from "./simd";

/**
 * Rows order[begin … end) of src/kernel/fold-in.ts by conjugate gradients with the diagonal as preconditioner. Arguments: offsets,
 * indices, weights, targets, order, factors, k, gram, regularization, out, warm, centered, panelRows, slots, steps,
 * tolerance; 0 is an absent array.
 */
export function foldInConjugate(args: usize, begin: i32, end: i32, scratch: usize): void {
  const offsets = address(args, 0);
  const indices = address(args, 1);
  const weights = address(args, 2);
  const targets = address(args, 3);
  const order = address(args, 4);
  const factors = address(args, 5);
  const k = integer(args, 6);
  const gram = address(args, 7);
  const regularization = address(args, 8);
  const out = address(args, 9);
  const warm = integer(args, 10) != 0;
  const centered = integer(args, 11) != 0;
  const panelRows = integer(args, 12);
  const slots = integer(args, 13);
  const steps = integer(args, 14);
  const tolerance = real(args, 15);

  const bytes = <usize>k << 2;
  const block = bytes * <usize>BATCH;
  const table = scratch;
  const energies = table + DESCRIPTION * <usize>BATCH;
  const limits = energies + (<usize>BATCH << 2);
  const zeros = limits + (<usize>BATCH << 2);
  const xs = zeros + bytes;
  const rs = xs + block;
  const ps = rs + block;
  const qs = ps + block;
  const inverses = qs + block;
  const addresses = inverses + block;
  const panel = addresses + (<usize>slots << 2);
  memory.fill(zeros, 0, bytes);

  for (let at = begin; at < end; ) {
    const count = gather(at, end, offsets, indices, order, factors, k, panelRows, table, zeros, addresses, panel);
    const padded = (count + 3) & ~3;
    memory.fill(xs, 0, block);
    memory.fill(rs, 0, block);
    memory.fill(ps, 0, block);
    memory.fill(qs, 0, block);
    if (warm) {
      for (let b = 0; b < count; b++) memory.copy(xs + <usize>b * bytes, out + <usize>load<u32>(table + <usize>b * DESCRIPTION) * bytes, bytes);
      if (gram) multiplyGram(xs, gram, qs, padded, k, 0, k);
    }
    let open = 0;
    for (let b = 0; b < count; b++) {
      const description = table + <usize>b * DESCRIPTION;
      const row = <usize>load<u32>(description);
      const n = load<i32>(description, 4);
      const list = addresses + (<usize>load<i32>(description, 8) << 2);
      const first = <usize>load<u32>(description, 12) << 2;
      const w = weights ? weights + first : 0;
      const x = xs + <usize>b * bytes;
      const r = rs + <usize>b * bytes;
      const p = ps + <usize>b * bytes;
      const q = qs + <usize>b * bytes;
      const inverse = inverses + <usize>b * bytes;
      const lambda = load<f32>(regularization + (row << 2));
      for (let e = 0; e < n; e += 4) {
        const t = targets ? four(targets + first, e, n) : f32x4.splat(1);
        let c = warm ? f32x4.sub(t, fourDots(list + (<usize>e << 2), x, 0, bytes)) : t;
        if (w) c = f32x4.mul(c, four(w, e, n));
        addFour(list + (<usize>e << 2), c, r, 0, bytes);
      }
      invertDiagonal(list, n, w, gram, lambda, inverse, k);
      const l = f32x4.splat(centered ? 0 : lambda);
      let sum = f32x4.splat(0);
      for (let d: usize = 0; d < bytes; d += 16) {
        const rest = f32x4.sub(v128.load(r + d), multiplyAdd(l, v128.load(x + d), v128.load(q + d)));
        const z = f32x4.mul(rest, v128.load(inverse + d));
        v128.store(r + d, rest);
        v128.store(p + d, z);
        sum = multiplyAdd(rest, z, sum);
      }
      const energy = sumLanes(sum);
      store<f32>(energies + (<usize>b << 2), energy);
      store<f32>(limits + (<usize>b << 2), energy * tolerance * tolerance);
      if (energy > 0) open++;
    }
    for (let step = 0; step < steps && open > 0; step++) {
      if (gram) multiplyGram(ps, gram, qs, padded, k, 0, k);
      else memory.fill(qs, 0, block);
      open = 0;
      for (let b = 0; b < count; b++) {
        const energy = load<f32>(energies + (<usize>b << 2));
        const limit = load<f32>(limits + (<usize>b << 2));
        if (!(energy > limit)) continue;
        const description = table + <usize>b * DESCRIPTION;
        const row = <usize>load<u32>(description);
        const n = load<i32>(description, 4);
        const list = addresses + (<usize>load<i32>(description, 8) << 2);
        const w = weights ? weights + (<usize>load<u32>(description, 12) << 2) : 0;
        const x = xs + <usize>b * bytes;
        const r = rs + <usize>b * bytes;
        const p = ps + <usize>b * bytes;
        const q = qs + <usize>b * bytes;
        const inverse = inverses + <usize>b * bytes;
        for (let e = 0; e < n; e += 4) {
          let c = fourDots(list + (<usize>e << 2), p, 0, bytes);
          if (w) c = f32x4.mul(c, four(w, e, n));
          addFour(list + (<usize>e << 2), c, q, 0, bytes);
        }
        const l = f32x4.splat(load<f32>(regularization + (row << 2)));
        let sum = f32x4.splat(0);
        for (let d: usize = 0; d < bytes; d += 16) {
          const direction = v128.load(p + d);
          const image = multiplyAdd(l, direction, v128.load(q + d));
          v128.store(q + d, image);
          sum = multiplyAdd(direction, image, sum);
        }
        const curvature = sumLanes(sum);
        if (!(curvature > 0)) {
          store<f32>(energies + (<usize>b << 2), 0);
          continue;
        }
        const alpha = f32x4.splat(energy / curvature);
        sum = f32x4.splat(0);
        for (let d: usize = 0; d < bytes; d += 16) {
          v128.store(x + d, multiplyAdd(alpha, v128.load(p + d), v128.load(x + d)));
          const rest = multiplySubtract(alpha, v128.load(q + d), v128.load(r + d));
          v128.store(r + d, rest);
          sum = multiplyAdd(f32x4.mul(rest, rest), v128.load(inverse + d), sum);
        }
        const left = sumLanes(sum);
        const beta = f32x4.splat(left / energy);
        for (let d: usize = 0; d < bytes; d += 16)
          v128.store(p + d, multiplyAdd(beta, v128.load(p + d), f32x4.mul(v128.load(r + d), v128.load(inverse + d))));
        store<f32>(energies + (<usize>b << 2), left);
        if (left > limit) open++;
      }
    }
    for (let b = 0; b < count; b++) memory.copy(out + <usize>load<u32>(table + <usize>b * DESCRIPTION) * bytes, xs + <usize>b * bytes, bytes);
    at += count;
  }
}

/** One over the diagonal of sum w v v' + G + lambda. */
function invertDiagonal(list: usize, n: i32, weights: usize, gram: usize, lambda: f32, out: usize, k: i32): void {
  const bytes = <usize>k << 2;
  for (let d = 0; d < k; d++) store<f32>(out + (<usize>d << 2), gram ? lambda + load<f32>(gram + ((<usize>d * (k + 1)) << 2)) : lambda);
  for (let e = 0; e < n; e += 4) {
    const slot = list + (<usize>e << 2);
    const v0 = <usize>load<u32>(slot);
    const v1 = <usize>load<u32>(slot, 4);
    const v2 = <usize>load<u32>(slot, 8);
    const v3 = <usize>load<u32>(slot, 12);
    const w = weights ? four(weights, e, n) : f32x4.splat(1);
    const c0 = f32x4.splat(f32x4.extract_lane(w, 0));
    const c1 = f32x4.splat(f32x4.extract_lane(w, 1));
    const c2 = f32x4.splat(f32x4.extract_lane(w, 2));
    const c3 = f32x4.splat(f32x4.extract_lane(w, 3));
    for (let d: usize = 0; d < bytes; d += 16) {
      const x0 = v128.load(v0 + d);
      const x1 = v128.load(v1 + d);
      const x2 = v128.load(v2 + d);
      const x3 = v128.load(v3 + d);
      let sum = multiplyAdd(f32x4.mul(c0, x0), x0, v128.load(out + d));
      sum = multiplyAdd(f32x4.mul(c1, x1), x1, sum);
      sum = multiplyAdd(f32x4.mul(c2, x2), x2, sum);
      v128.store(out + d, multiplyAdd(f32x4.mul(c3, x3), x3, sum));
    }
  }
  // A dimension that neither data nor penalty reach has a zero here, and a zero gradient: it stays where it is.
  for (let d: usize = 0; d < bytes; d += 16) {
    const sum = v128.load(out + d);
    v128.store(out + d, v128.and(f32x4.div(f32x4.splat(1), sum), f32x4.gt(sum, f32x4.splat(0))));
  }
}
