// asc: --importMemory --sharedMemory --enable threads
//
// Growing symmetric trees (Prokhorenkova et al. 2018): histograms of derivatives by code, scores of every cut over
// all leaves at once, partition of rows, logistic derivatives. Pointers are byte offsets into shared memory.

/** A bin holds a sum of derivatives and a sum of weights, both doubles. */
const BIN_SHIFT: usize = 4;
const BINS: usize = 256;

/** First byte that the caller may use. */
export function heapBase(): usize {
  return __heap_base;
}

/** Adds (derivative, weight) of `order[from … to − 1]` to the bins of their codes. Pairs lie in the order's order. */
export function fillHistogram(
  codes: usize,
  order: usize,
  pairs: usize,
  from: i32,
  to: i32,
  histogram: usize,
): void {
  memory.fill(histogram, 0, BINS << BIN_SHIFT);
  for (let k = from; k < to; k++) {
    const row = load<u32>(order + ((<usize>k) << 2));
    const bin = histogram + ((<usize>load<u8>(codes + <usize>row)) << BIN_SHIFT);
    const pair = f64x2.promote_low_f32x4(v128.load64_zero(pairs + ((<usize>k) << 3)));
    v128.store(bin, f64x2.add(v128.load(bin), pair));
  }
}

/** From the parent's histogram in `first` and that of one child in `second`, leaves both children's in place. */
export function deriveSibling(first: usize, second: usize, secondIsSecondChild: bool): void {
  for (let bin: usize = 0; bin < BINS << BIN_SHIFT; bin += 16) {
    const child = v128.load(second + bin);
    const sibling = f64x2.sub(v128.load(first + bin), child);
    if (secondIsSecondChild) v128.store(first + bin, sibling);
    else {
      v128.store(first + bin, child);
      v128.store(second + bin, sibling);
    }
  }
}

/**
 * Adds to `numerators` and `denominators` (doubles, one a cut) what one leaf gives to the cosine between derivatives
 * and leaf values for every cut of a column: values are means over the body, judged on the tail. A side without
 * weight has no value.
 */
export function scoreCuts(
  body: usize,
  tail: usize,
  cuts: i32,
  regularization: f64,
  leastWeight: f64,
  numerators: usize,
  denominators: usize,
): void {
  let bodyTotal = f64x2.splat(0);
  let tailTotal = f64x2.splat(0);
  for (let bin: usize = 0; bin <= <usize>cuts; bin++) {
    bodyTotal = f64x2.add(bodyTotal, v128.load(body + (bin << BIN_SHIFT)));
    tailTotal = f64x2.add(tailTotal, v128.load(tail + (bin << BIN_SHIFT)));
  }
  if (f64x2.extract_lane(tailTotal, 1) <= leastWeight) return;
  const lambda = f64x2.splat(regularization);
  const least = f64x2.splat(leastWeight);
  let bodyLeft = f64x2.splat(0);
  let tailLeft = f64x2.splat(0);
  for (let cut: usize = 0; cut < <usize>cuts; cut++) {
    bodyLeft = f64x2.add(bodyLeft, v128.load(body + (cut << BIN_SHIFT)));
    tailLeft = f64x2.add(tailLeft, v128.load(tail + (cut << BIN_SHIFT)));
    const bodyRight = f64x2.sub(bodyTotal, bodyLeft);
    const tailRight = f64x2.sub(tailTotal, tailLeft);
    // Both sides side by side: their derivatives in one register, their weights in another.
    const bodySum = v128.shuffle<f64>(bodyLeft, bodyRight, 0, 2);
    const bodyWeight = v128.shuffle<f64>(bodyLeft, bodyRight, 1, 3);
    const tailSum = v128.shuffle<f64>(tailLeft, tailRight, 0, 2);
    const tailWeight = v128.shuffle<f64>(tailLeft, tailRight, 1, 3);
    const value = v128.and(f64x2.div(bodySum, f64x2.add(bodyWeight, lambda)), f64x2.gt(bodyWeight, least));
    const product = f64x2.mul(value, tailSum);
    const square = f64x2.mul(f64x2.mul(value, value), tailWeight);
    const numerator = numerators + (cut << 3);
    const denominator = denominators + (cut << 3);
    store<f64>(
      numerator,
      load<f64>(numerator) + f64x2.extract_lane(product, 0) + f64x2.extract_lane(product, 1),
    );
    store<f64>(
      denominator,
      load<f64>(denominator) + f64x2.extract_lane(square, 0) + f64x2.extract_lane(square, 1),
    );
  }
}

/**
 * Moves rows whose code is above `cut` behind the others, keeping their order, and their pairs with them.
 * `spareOrder` and `sparePairs` hold as many. Returns how many stay in front.
 */
export function partition(
  codes: usize,
  order: usize,
  pairs: usize,
  from: i32,
  to: i32,
  cut: i32,
  spareOrder: usize,
  sparePairs: usize,
): i32 {
  let front: usize = <usize>from;
  let behind: usize = 0;
  for (let k: usize = <usize>from; k < <usize>to; k++) {
    const row = load<u32>(order + (k << 2));
    const pair = load<u64>(pairs + (k << 3));
    const above: usize = <usize>(<i32>load<u8>(codes + <usize>row) > cut);
    store<u32>(order + (front << 2), row);
    store<u64>(pairs + (front << 3), pair);
    store<u32>(spareOrder + (behind << 2), row);
    store<u64>(sparePairs + (behind << 3), pair);
    front += 1 - above;
    behind += above;
  }
  memory.copy(order + (front << 2), spareOrder, behind << 2);
  memory.copy(pairs + (front << 3), sparePairs, behind << 3);
  return <i32>front - from;
}

/** Sets bit `level` of the leaf of every row whose code is above `cut`; level 0 starts anew. `n` is padded to 16. */
export function setLeafBits(codes: usize, cut: u8, level: i32, n: i32, leaves: usize): void {
  const splat = i8x16.splat(<i8>cut);
  const shifted: i32 = 1 << level;
  const bit = i8x16.splat(<i8>shifted);
  for (let row: usize = 0; row < <usize>n; row += 16) {
    const above = v128.and(i8x16.gt_u(v128.load(codes + row), splat), bit);
    v128.store(leaves + row, level === 0 ? above : v128.or(v128.load(leaves + row), above));
  }
}

/** e^x of four floats, relative error below 2e-7 (Cephes expf). */
function exponential(x: v128): v128 {
  const bounded = f32x4.max(f32x4.min(x, f32x4.splat(87)), f32x4.splat(-87));
  const power = f32x4.nearest(f32x4.mul(bounded, f32x4.splat(1.44269504088896341)));
  let rest = f32x4.sub(bounded, f32x4.mul(power, f32x4.splat(0.693359375)));
  rest = f32x4.sub(rest, f32x4.mul(power, f32x4.splat(-2.1219444e-4)));
  let y = f32x4.splat(1.98756915e-4);
  y = f32x4.add(f32x4.mul(y, rest), f32x4.splat(1.3981999507e-3));
  y = f32x4.add(f32x4.mul(y, rest), f32x4.splat(8.3334519073e-3));
  y = f32x4.add(f32x4.mul(y, rest), f32x4.splat(4.1665795894e-2));
  y = f32x4.add(f32x4.mul(y, rest), f32x4.splat(1.6666665459e-1));
  y = f32x4.add(f32x4.mul(y, rest), f32x4.splat(5.0000001201e-1));
  y = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(y, rest), rest), rest), f32x4.splat(1));
  const bits = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(power), i32x4.splat(127)), 23);
  return f32x4.mul(y, bits);
}

/**
 * Derivatives of the weighted log-likelihood at the margins: first w(y − p), then second w·p(1 − p). Arrays are
 * padded to four floats.
 */
export function differentiate(
  n: i32,
  margins: usize,
  labels: usize,
  weights: usize,
  first: usize,
  second: usize,
): void {
  const one = f32x4.splat(1);
  for (let at: usize = 0; at < (<usize>n) << 2; at += 16) {
    const p = f32x4.div(one, f32x4.add(one, exponential(f32x4.neg(v128.load(margins + at)))));
    const w = v128.load(weights + at);
    v128.store(first + at, f32x4.mul(w, f32x4.sub(v128.load(labels + at), p)));
    v128.store(second + at, f32x4.mul(w, f32x4.mul(p, f32x4.sub(one, p))));
  }
}

/** Adds `steps[leaf]` (floats) to the margin of every row. */
export function addSteps(n: i32, leaves: usize, steps: usize, margins: usize): void {
  for (let row: usize = 0; row < <usize>n; row++) {
    const margin = margins + (row << 2);
    store<f32>(margin, load<f32>(margin) + load<f32>(steps + ((<usize>load<u8>(leaves + row)) << 2)));
  }
}

/** Adds (first, second) of every row to the sums of its leaf, two doubles each. */
export function sumLeaves(n: i32, leaves: usize, first: usize, second: usize, sums: usize): void {
  for (let row: usize = 0; row < <usize>n; row++) {
    const sum = sums + ((<usize>load<u8>(leaves + row)) << BIN_SHIFT);
    const pair = f64x2.replace_lane(
      f64x2.splat(<f64>load<f32>(first + (row << 2))),
      1,
      <f64>load<f32>(second + (row << 2)),
    );
    v128.store(sum, f64x2.add(v128.load(sum), pair));
  }
}

/** 32 well-mixed bits of a row (splitmix32's finish over a Weyl sequence). */
function rowHash(row: u32, seed: u32): u32 {
  let z: u32 = seed + (row + 1) * 0x9e3779b9;
  z = (z ^ (z >> 16)) * 0x21f0aaad;
  z = (z ^ (z >> 15)) * 0x735a2d97;
  return z ^ (z >> 15);
}

/**
 * Lays out positions from … to − 1 of a permutation for histograms: their rows, and derivative and weight times the
 * row's bootstrap weight, drawn from a table of 4,096 by a hash of the row.
 */
export function loadSegment(
  permutation: usize,
  from: i32,
  to: i32,
  first: usize,
  weights: usize,
  seed: u32,
  table: usize,
  order: usize,
  pairs: usize,
): void {
  for (let k: usize = <usize>from; k < <usize>to; k++) {
    const row = load<u32>(permutation + (k << 2));
    const draw = load<f32>(table + ((<usize>(rowHash(row, seed) >> 20)) << 2));
    const out = k - <usize>from;
    store<u32>(order + (out << 2), row);
    store<f32>(pairs + (out << 3), draw * load<f32>(first + (k << 2)));
    store<f32>(pairs + (out << 3), draw * load<f32>(weights + (k << 2)), 4);
  }
}
