// asc: --importMemory --sharedMemory --enable threads
//
// The work over rows of histogram boosting (Ke et al. 2017; XGBoost's `hist`): sorting a column for its quantiles,
// coding it, first and second derivatives of the logistic loss, histograms of them, the best split of a histogram,
// partitions, and adding a tree to the margins. Nothing is kept between calls: pointers are byte offsets into a
// memory that threads share, and every result is the same whichever thread it is worked out on.

const MISSING: u32 = 255;
const HISTOGRAM_BYTES: usize = 256 * 16;
/** Sorting goes by three digits of eleven bits. */
const DIGIT_BITS: u32 = 11;
const DIGITS: u32 = 1 << DIGIT_BITS;

/** Order of the bits is the order of the numbers. */
function sortable(bits: u32): u32 {
  return bits ^ ((<u32>((<i32>bits) >> 31)) | 0x80000000);
}

function unsortable(key: u32): u32 {
  return key ^ (key & 0x80000000 ? 0x80000000 : 0xffffffff);
}

/**
 * Sorts the numbers of `values` upwards in place; −0 becomes 0. `scratch` is as large, `counts` holds 3 × 2048
 * words.
 */
export function sortNumbers(values: usize, scratch: usize, count: i32, counts: usize): void {
  memory.fill(counts, 0, 3 * DIGITS * 4);
  const end = values + ((<usize>count) << 2);
  for (let at = values; at < end; at += 4) {
    const number = load<f32>(at) + 0.0;
    const key = sortable(reinterpret<u32>(number));
    store<u32>(at, key);
    countDigits(key, counts);
  }
  beginDigits(counts);
  let from = values;
  let to = scratch;
  for (let digit: u32 = 0; digit < 3; digit++) {
    const places = counts + <usize>(digit * DIGITS * 4);
    for (let offset: usize = 0; offset < (<usize>count) << 2; offset += 4) {
      const key = load<u32>(from + offset);
      const place = takePlace(places, (key >> (digit * DIGIT_BITS)) & (DIGITS - 1));
      store<u32>(to + ((<usize>place) << 2), key);
    }
    const held = from;
    from = to;
    to = held;
  }
  for (let offset: usize = 0; offset < (<usize>count) << 2; offset += 4) {
    store<u32>(values + offset, unsortable(load<u32>(scratch + offset)));
  }
}

/** As `sortNumbers`, over pairs of a number and its weight. */
export function sortWeighted(pairs: usize, scratch: usize, count: i32, counts: usize): void {
  memory.fill(counts, 0, 3 * DIGITS * 4);
  const bytes = (<usize>count) << 3;
  for (let offset: usize = 0; offset < bytes; offset += 8) {
    const number = load<f32>(pairs + offset) + 0.0;
    const key = sortable(reinterpret<u32>(number));
    store<u32>(pairs + offset, key);
    countDigits(key, counts);
  }
  beginDigits(counts);
  let from = pairs;
  let to = scratch;
  for (let digit: u32 = 0; digit < 3; digit++) {
    const places = counts + <usize>(digit * DIGITS * 4);
    for (let offset: usize = 0; offset < bytes; offset += 8) {
      const pair = load<u64>(from + offset);
      const place = takePlace(places, ((<u32>pair) >> (digit * DIGIT_BITS)) & (DIGITS - 1));
      store<u64>(to + ((<usize>place) << 3), pair);
    }
    const held = from;
    from = to;
    to = held;
  }
  for (let offset: usize = 0; offset < bytes; offset += 8) {
    store<u32>(pairs + offset, unsortable(load<u32>(scratch + offset)));
    store<u32>(pairs + offset, load<u32>(scratch + offset, 4), 4);
  }
}

function countDigits(key: u32, counts: usize): void {
  for (let digit: u32 = 0; digit < 3; digit++) {
    const at = counts + <usize>((digit * DIGITS + ((key >> (digit * DIGIT_BITS)) & (DIGITS - 1))) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
}

/** From how often a digit occurs to where its first key goes. */
function beginDigits(counts: usize): void {
  for (let digit: u32 = 0; digit < 3; digit++) {
    let sum: u32 = 0;
    for (let value: u32 = 0; value < DIGITS; value++) {
      const at = counts + <usize>((digit * DIGITS + value) << 2);
      const occurrences = load<u32>(at);
      store<u32>(at, sum);
      sum += occurrences;
    }
  }
}

function takePlace(places: usize, digit: u32): u32 {
  const at = places + <usize>(digit << 2);
  const place = load<u32>(at);
  store<u32>(at, place + 1);
  return place;
}

/** The number of cuts that are not above each value; `cuts` is filled up with infinity to 255. */
export function codeColumn(values: usize, count: i32, cuts: usize, codes: usize): void {
  for (let row: usize = 0; row < <usize>count; row++) {
    const value = load<f32>(values + (row << 2));
    let code: u32 = 0;
    for (let step: u32 = 128; step > 0; step >>= 1) {
      code += load<f32>(cuts + <usize>((code + step - 1) << 2)) <= value ? step : 0;
    }
    store<u8>(codes + row, value != value ? MISSING : code);
  }
}

/** e^x of four numbers to about 1e-7 (Cephes `expf`). */
function exponential(x: v128): v128 {
  const bounded = f32x4.min(f32x4.max(x, f32x4.splat(-87)), f32x4.splat(88));
  const whole = f32x4.nearest(f32x4.mul(bounded, f32x4.splat(1.44269504088896341)));
  let r = f32x4.sub(bounded, f32x4.mul(whole, f32x4.splat(0.693359375)));
  r = f32x4.add(r, f32x4.mul(whole, f32x4.splat(2.1219444e-4)));
  let p = f32x4.splat(1.98756915e-4);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1));
  p = f32x4.add(f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r), f32x4.splat(1));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(whole), i32x4.splat(127)), 23);
  return f32x4.mul(p, power);
}

/** splitmix32's finish over a Weyl sequence. */
function rowHash(row: u32, seed: u32): u32 {
  let z = seed + (row + 1) * 0x9e3779b9;
  z = (z ^ (z >> 16)) * 0x21f0aaad;
  z = (z ^ (z >> 15)) * 0x735a2d97;
  return z ^ (z >> 15);
}

/**
 * Derivatives of the logistic loss for the rows `from … to − 1`; those that are drawn (hash at most `limit`) go to
 * `rows` and `pairs` from the entry `from` on. The number of them is returned, their sums stored at `sums`.
 * Margins and weights are readable up to a multiple of four rows.
 */
export function drawRows(
  from: i32,
  to: i32,
  margins: usize,
  labels: usize,
  weights: usize,
  seed: u32,
  limit: u32,
  rows: usize,
  pairs: usize,
  scratch: usize,
  sums: usize,
): i32 {
  const one = f32x4.splat(1);
  let place = <usize>from;
  let sum = f64x2.splat(0);
  for (let row = from; row < to; row += 4) {
    const at = (<usize>row) << 2;
    const odds = exponential(f32x4.neg(v128.load(margins + at)));
    const p = f32x4.div(one, f32x4.add(one, odds));
    const weight = v128.load(weights + at);
    v128.store(scratch, p);
    v128.store(
      scratch,
      f32x4.mul(f32x4.max(f32x4.mul(p, f32x4.sub(one, p)), f32x4.splat(1e-16)), weight),
      16,
    );
    const last = min<i32>(4, to - row);
    for (let lane = 0; lane < last; lane++) {
      const own = <usize>(row + lane);
      const lanes = scratch + ((<usize>lane) << 2);
      const label = <f32>load<u8>(labels + own);
      const drawn = rowHash(<u32>own, seed) <= limit;
      store<u32>(rows + (place << 2), <u32>own);
      store<f32>(pairs + (place << 3), (load<f32>(lanes) - label) * load<f32>(weights + (own << 2)));
      store<f32>(pairs + (place << 3), load<f32>(lanes, 16), 4);
      if (drawn) sum = f64x2.add(sum, f64x2.promote_low_f32x4(v128.load64_zero(pairs + (place << 3))));
      place += drawn ? 1 : 0;
    }
  }
  v128.store(sums, sum);
  return <i32>place - from;
}

/** Adds the pairs of a node's rows up by the codes of four columns, into four histograms in a row. */
export function accumulateFour(
  a: usize,
  b: usize,
  c: usize,
  d: usize,
  rows: usize,
  pairs: usize,
  count: i32,
  histograms: usize,
): void {
  for (let index: usize = 0; index < <usize>count; index++) {
    const row = <usize>load<u32>(rows + (index << 2));
    const pair = f64x2.promote_low_f32x4(v128.load64_zero(pairs + (index << 3)));
    const inA = histograms + ((<usize>load<u8>(a + row)) << 4);
    v128.store(inA, f64x2.add(v128.load(inA), pair));
    const inB = histograms + ((<usize>load<u8>(b + row)) << 4);
    v128.store(inB, f64x2.add(v128.load(inB, 4096), pair), 4096);
    const inC = histograms + ((<usize>load<u8>(c + row)) << 4);
    v128.store(inC, f64x2.add(v128.load(inC, 8192), pair), 8192);
    const inD = histograms + ((<usize>load<u8>(d + row)) << 4);
    v128.store(inD, f64x2.add(v128.load(inD, 12288), pair), 12288);
  }
}

export function accumulate(codes: usize, rows: usize, pairs: usize, count: i32, histogram: usize): void {
  for (let index: usize = 0; index < <usize>count; index++) {
    const row = <usize>load<u32>(rows + (index << 2));
    const at = histogram + ((<usize>load<u8>(codes + row)) << 4);
    const pair = f64x2.promote_low_f32x4(v128.load64_zero(pairs + (index << 3)));
    v128.store(at, f64x2.add(v128.load(at), pair));
  }
}

export function clear(histograms: usize, count: i32): void {
  memory.fill(histograms, 0, <usize>count * HISTOGRAM_BYTES);
}

/** What is left of the parent in `histograms` when the child in `taken` is taken out. */
export function subtract(histograms: usize, taken: usize, count: i32): void {
  const bytes = <usize>count * HISTOGRAM_BYTES;
  for (let offset: usize = 0; offset < bytes; offset += 16) {
    v128.store(histograms + offset, f64x2.sub(v128.load(histograms + offset), v128.load(taken + offset)));
  }
}

let bestGain: f64 = 0;
let bestGradient: f64 = 0;
let bestHessian: f64 = 0;
let bestCode: i32 = 0;
let bestDefaultLeft: i32 = 0;

/**
 * The best split of one histogram: gain, gradient and hessian of the left side (f64) and code and default
 * direction (i32) go to `result`; the gain is 0 without a split.
 * @param node gradient, hessian, lower and upper bound of the value (f64).
 * @param parameters lambda, alpha, least child weight, least gain, share that is rounding (f64).
 */
export function findSplit(
  histogram: usize,
  cuts: i32,
  node: usize,
  parameters: usize,
  monotone: f64,
  result: usize,
): void {
  const total = load<f64>(node, 8);
  const missing = load<f64>(histogram + (MISSING << 4), 8);
  bestGain = load<f64>(parameters, 24);
  bestCode = -2;
  if (missing > load<f64>(parameters, 32) * total) {
    scan(histogram, cuts, node, parameters, monotone, 0, 0, 0, 0);
    const gradient = load<f64>(histogram + (MISSING << 4));
    scan(histogram, cuts, node, parameters, monotone, -1, gradient, missing, 1);
  } else {
    scan(histogram, cuts, node, parameters, monotone, 0, 0, 0, 0);
    bestDefaultLeft = bestHessian > total - bestHessian ? 1 : 0;
  }
  store<f64>(result, bestCode == -2 ? 0 : bestGain);
  store<f64>(result, bestGradient, 8);
  store<f64>(result, bestHessian, 16);
  store<i32>(result, bestCode, 24);
  store<i32>(result, bestDefaultLeft, 28);
}

function scan(
  histogram: usize,
  cuts: i32,
  node: usize,
  parameters: usize,
  monotone: f64,
  firstCode: i32,
  startGradient: f64,
  startHessian: f64,
  defaultLeft: i32,
): void {
  const totalGradient = load<f64>(node);
  const totalHessian = load<f64>(node, 8);
  const lower = load<f64>(node, 16);
  const upper = load<f64>(node, 24);
  const lambda = load<f64>(parameters);
  const alpha = load<f64>(parameters, 8);
  const least = max<f64>(load<f64>(parameters, 16), load<f64>(parameters, 32) * totalHessian);
  const free = alpha == 0 && monotone == 0 && lower == -Infinity && upper == Infinity;
  const own = free
    ? (totalGradient * totalGradient) / (totalHessian + lambda)
    : gain(
        totalGradient,
        totalHessian,
        valueOf(totalGradient, totalHessian, lambda, alpha, lower, upper),
        lambda,
        alpha,
      );
  let gradient = startGradient;
  let hessian = startHessian;
  for (let code = firstCode; code < cuts; code++) {
    if (code >= 0) {
      const at = histogram + ((<usize>code) << 4);
      gradient += load<f64>(at);
      hessian += load<f64>(at, 8);
    }
    const rest = totalHessian - hessian;
    if (hessian < least || rest < least) continue;
    const other = totalGradient - gradient;
    let taken: f64;
    if (free) {
      const a = hessian + lambda;
      const b = rest + lambda;
      taken = (gradient * gradient * b + other * other * a) / (a * b) - own;
    } else {
      const left = valueOf(gradient, hessian, lambda, alpha, lower, upper);
      const right = valueOf(other, rest, lambda, alpha, lower, upper);
      if (monotone * (right - left) < 0) continue;
      taken = gain(gradient, hessian, left, lambda, alpha) + gain(other, rest, right, lambda, alpha) - own;
    }
    if (taken > bestGain) {
      bestGain = taken;
      bestGradient = gradient;
      bestHessian = hessian;
      bestCode = code;
      bestDefaultLeft = defaultLeft;
    }
  }
}

function valueOf(gradient: f64, hessian: f64, lambda: f64, alpha: f64, lower: f64, upper: f64): f64 {
  const denominator = hessian + lambda;
  const size = max<f64>(0, abs<f64>(gradient) - alpha);
  const value = denominator > 0 ? (gradient > 0 ? -size : size) / denominator : 0;
  return min<f64>(upper, max<f64>(lower, value));
}

function gain(gradient: f64, hessian: f64, value: f64, lambda: f64, alpha: f64): f64 {
  return -(2 * gradient * value + (hessian + lambda) * value * value + 2 * alpha * abs<f64>(value));
}

/** Marks the rows that go left (code + shift, a missing one wrapping around to 0, at most `limit`); counts them. */
export function markLeft(rows: usize, count: i32, codes: usize, shift: u32, limit: u32, marks: usize): i32 {
  let lefts: i32 = 0;
  for (let index: usize = 0; index < <usize>count; index++) {
    const row = <usize>load<u32>(rows + (index << 2));
    const left = ((<u32>load<u8>(codes + row) + shift) & 255) <= limit ? 1 : 0;
    store<u8>(marks + index, left);
    lefts += left;
  }
  return lefts;
}

/** Moves rows and pairs to their sides, both in the order they had. */
export function moveRows(
  rows: usize,
  pairs: usize,
  marks: usize,
  count: i32,
  leftRows: usize,
  leftPairs: usize,
  rightRows: usize,
  rightPairs: usize,
): void {
  let left: usize = 0;
  let right: usize = 0;
  for (let index: usize = 0; index < <usize>count; index++) {
    const goesLeft = load<u8>(marks + index);
    // Chosen without a branch: which way a row goes cannot be foreseen.
    const place = select<usize>(left, right, goesLeft);
    store<u32>(select<usize>(leftRows, rightRows, goesLeft) + (place << 2), load<u32>(rows + (index << 2)));
    store<u64>(
      select<usize>(leftPairs, rightPairs, goesLeft) + (place << 3),
      load<u64>(pairs + (index << 3)),
    );
    left += <usize>goesLeft;
    right += <usize>(1 - goesLeft);
  }
}

/**
 * Adds the leaf of each row to its margin. A node has 32 bytes: its column's codes, shift and limit as in
 * `markLeft`, where its children start (0 in a leaf), and the leaf's value.
 */
export function addTree(from: i32, to: i32, nodes: usize, margins: usize): void {
  for (let row = <usize>from; row < <usize>to; row++) {
    let node = nodes;
    let left = <usize>load<u32>(node, 12);
    while (left) {
      const code = <u32>load<u8>(<usize>load<u32>(node) + row);
      const right = <usize>load<u32>(node, 16);
      node = select<usize>(left, right, ((code + load<u32>(node, 4)) & 255) <= load<u32>(node, 8));
      left = <usize>load<u32>(node, 12);
    }
    const margin = margins + (row << 2);
    store<f32>(margin, load<f32>(margin) + load<f32>(node, 20));
  }
}
