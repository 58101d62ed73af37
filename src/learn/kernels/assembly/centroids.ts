// Lloyd's iterations of K-Means: which centroid is nearest to every row, and the sums of the rows of a centroid.
// Nearness is scored as x·c − |c|² / 2, which orders centroids as the distance does and costs a product less. Rows
// lie in panels of eight, one column after another, so that eight rows meet a centroid at once. Pointers are byte
// offsets into the module's own memory.

/** Rows that lie side by side in a panel. */
const PANEL: i32 = 8;

/** First byte that the caller may use. */
export function heapBase(): usize {
  return __heap_base;
}

/** Interleaves `rows` rows of `width` floats, of which `d` are columns, into panels; missing rows become zero. */
export function packRows(source: usize, rows: i32, width: i32, d: i32, target: usize): void {
  for (let first = 0; first < rows; first += PANEL) {
    for (let lane = 0; lane < PANEL; lane++) {
      const row = first + lane;
      const from = source + ((<usize>row * <usize>width) << 2);
      let to = target + ((<usize>first * <usize>d + <usize>lane) << 2);
      for (let column = 0; column < d; column++) {
        store<f32>(to, row < rows ? load<f32>(from + ((<usize>column) << 2)) : 0);
        to += PANEL << 2;
      }
    }
  }
}

/**
 * The number and the score of the best centroid for every row. `centroids` is a multiple of four; what fills it up
 * has an infinite half norm. Of equal scores the first counts.
 * @returns how many rows (fill rows among them) have another label than before
 */
export function assignRows(
  panels: usize,
  panelCount: i32,
  d: i32,
  centroids: usize,
  halfNorms: usize,
  centroidCount: i32,
  labels: usize,
  scores: usize,
): i32 {
  const rowBytes = (<usize>d) << 2;
  let changed = 0;
  for (let index = 0; index < panelCount; index++) {
    const panel = panels + <usize>index * (rowBytes << 3);
    let best0 = f32x4.splat(-Infinity);
    let best1 = best0;
    let label0 = i32x4.splat(0);
    let label1 = label0;
    for (let c = 0; c < centroidCount; c += 4) {
      const first = centroids + <usize>c * rowBytes;
      const second = first + rowBytes;
      const third = second + rowBytes;
      const fourth = third + rowBytes;
      let a0 = f32x4.splat(0);
      let a1 = a0;
      let b0 = a0;
      let b1 = a0;
      let c0 = a0;
      let c1 = a0;
      let d0 = a0;
      let d1 = a0;
      let rows = panel;
      for (let column: usize = 0; column < rowBytes; column += 4) {
        const r0 = v128.load(rows);
        const r1 = v128.load(rows, 16);
        rows += PANEL << 2;
        let q = v128.load32_splat(first + column);
        a0 = f32x4.add(a0, f32x4.mul(q, r0));
        a1 = f32x4.add(a1, f32x4.mul(q, r1));
        q = v128.load32_splat(second + column);
        b0 = f32x4.add(b0, f32x4.mul(q, r0));
        b1 = f32x4.add(b1, f32x4.mul(q, r1));
        q = v128.load32_splat(third + column);
        c0 = f32x4.add(c0, f32x4.mul(q, r0));
        c1 = f32x4.add(c1, f32x4.mul(q, r1));
        q = v128.load32_splat(fourth + column);
        d0 = f32x4.add(d0, f32x4.mul(q, r0));
        d1 = f32x4.add(d1, f32x4.mul(q, r1));
      }
      const half = halfNorms + ((<usize>c) << 2);
      let h = v128.load32_splat(half);
      let number = i32x4.splat(c);
      let score = f32x4.sub(a0, h);
      let better = f32x4.gt(score, best0);
      best0 = v128.bitselect(score, best0, better);
      label0 = v128.bitselect(number, label0, better);
      score = f32x4.sub(a1, h);
      better = f32x4.gt(score, best1);
      best1 = v128.bitselect(score, best1, better);
      label1 = v128.bitselect(number, label1, better);

      h = v128.load32_splat(half, 4);
      number = i32x4.splat(c + 1);
      score = f32x4.sub(b0, h);
      better = f32x4.gt(score, best0);
      best0 = v128.bitselect(score, best0, better);
      label0 = v128.bitselect(number, label0, better);
      score = f32x4.sub(b1, h);
      better = f32x4.gt(score, best1);
      best1 = v128.bitselect(score, best1, better);
      label1 = v128.bitselect(number, label1, better);

      h = v128.load32_splat(half, 8);
      number = i32x4.splat(c + 2);
      score = f32x4.sub(c0, h);
      better = f32x4.gt(score, best0);
      best0 = v128.bitselect(score, best0, better);
      label0 = v128.bitselect(number, label0, better);
      score = f32x4.sub(c1, h);
      better = f32x4.gt(score, best1);
      best1 = v128.bitselect(score, best1, better);
      label1 = v128.bitselect(number, label1, better);

      h = v128.load32_splat(half, 12);
      number = i32x4.splat(c + 3);
      score = f32x4.sub(d0, h);
      better = f32x4.gt(score, best0);
      best0 = v128.bitselect(score, best0, better);
      label0 = v128.bitselect(number, label0, better);
      score = f32x4.sub(d1, h);
      better = f32x4.gt(score, best1);
      best1 = v128.bitselect(score, best1, better);
      label1 = v128.bitselect(number, label1, better);
    }
    const at = (<usize>index) << 5;
    changed += popcnt<i32>(i32x4.bitmask(i32x4.ne(v128.load(labels + at), label0)));
    changed += popcnt<i32>(i32x4.bitmask(i32x4.ne(v128.load(labels + at, 16), label1)));
    v128.store(labels + at, label0);
    v128.store(labels + at, label1, 16);
    v128.store(scores + at, best0);
    v128.store(scores + at, best1, 16);
  }
  return changed;
}

/** Adds every row to the sums (float64) of its label and counts it. `width` is a multiple of four. */
export function sumRows(
  source: usize,
  rows: i32,
  width: i32,
  labels: usize,
  sums: usize,
  counts: usize,
): void {
  const rowBytes = (<usize>width) << 2;
  let from = source;
  for (let row = 0; row < rows; row++) {
    const label = <usize>load<i32>(labels + ((<usize>row) << 2));
    const count = counts + (label << 2);
    store<i32>(count, load<i32>(count) + 1);
    let to = sums + label * (rowBytes << 1);
    for (const end = from + rowBytes; from < end; from += 8) {
      const pair = f64x2.promote_low_f32x4(v128.load64_zero(from));
      v128.store(to, f64x2.add(v128.load(to), pair));
      to += 16;
    }
  }
}

/**
 * For four rows that might become the next centroid: the squared distance of every row to the nearest centroid there
 * would then be, into four lines of `lines`, and the sum of each line (float64) into `totals`. Fill rows have a
 * closest distance of zero and so add nothing.
 */
export function weighCandidates(
  panels: usize,
  panelCount: i32,
  d: i32,
  candidates: usize,
  candidateHalfNorms: usize,
  rowHalfNorms: usize,
  closest: usize,
  lines: usize,
  totals: usize,
): void {
  const rowBytes = (<usize>d) << 2;
  const lineBytes = (<usize>panelCount) << 5;
  for (let which: usize = 0; which < 4; which++) {
    const candidate = candidates + which * rowBytes;
    const half = v128.load32_splat(candidateHalfNorms + (which << 2));
    const line = lines + which * lineBytes;
    let sum = f64x2.splat(0);
    for (let at: usize = 0; at < lineBytes; at += 32) {
      let rows = panels + at * <usize>d;
      let dot0 = f32x4.splat(0);
      let dot1 = dot0;
      for (let column: usize = 0; column < rowBytes; column += 4) {
        const q = v128.load32_splat(candidate + column);
        dot0 = f32x4.add(dot0, f32x4.mul(q, v128.load(rows)));
        dot1 = f32x4.add(dot1, f32x4.mul(q, v128.load(rows, 16)));
        rows += PANEL << 2;
      }
      const least0 = nearer(dot0, half, v128.load(rowHalfNorms + at), v128.load(closest + at));
      const least1 = nearer(dot1, half, v128.load(rowHalfNorms + at, 16), v128.load(closest + at, 16));
      v128.store(line + at, least0);
      v128.store(line + at, least1, 16);
      const both = f32x4.add(least0, least1);
      sum = f64x2.add(sum, f64x2.promote_low_f32x4(both));
      sum = f64x2.add(sum, f64x2.promote_low_f32x4(v128.shuffle<i32>(both, both, 2, 3, 2, 3)));
    }
    store<f64>(totals + (which << 3), f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1));
  }
}

function nearer(dot: v128, half: v128, rowHalf: v128, closest: v128): v128 {
  const halfSquare = f32x4.sub(f32x4.add(rowHalf, half), dot);
  return f32x4.min(closest, f32x4.max(f32x4.add(halfSquare, halfSquare), f32x4.splat(0)));
}
