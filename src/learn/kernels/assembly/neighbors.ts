// Scores of a block of query rows against a block of reference rows, and the best scores of every row.
// A score is the inner product less half of both squared norms (minus half the squared distance), or, with
// half norms of zero, the inner product itself. Pointers are byte offsets into the module's own memory.

/** Reference rows that lie side by side in a packed panel. */
const PANEL: i32 = 8;

/** First byte that the caller may use. */
export function heapBase(): usize {
  return __heap_base;
}

/** Interleaves `rows` reference rows of width `d` into panels of eight; missing rows become zero. */
export function packPanels(source: usize, rows: i32, d: i32, target: usize): void {
  for (let first = 0; first < rows; first += PANEL) {
    const panel = target + ((<usize>(first * d)) << 2);
    for (let lane = 0; lane < PANEL; lane++) {
      const row = first + lane;
      const from = source + ((<usize>(row * d)) << 2);
      let to = panel + ((<usize>lane) << 2);
      for (let k = 0; k < d; k++) {
        store<f32>(to, row < rows ? load<f32>(from + ((<usize>k) << 2)) : 0);
        to += PANEL << 2;
      }
    }
  }
}

/**
 * Scores of four query rows against one panel.
 * The sum runs over the columns in order, so a score does not depend on where in a block its rows lie.
 */
function scoreFourRows(
  query: usize,
  stride: usize,
  panel: usize,
  d: i32,
  queryHalf: usize,
  panelHalf: usize,
  out: usize,
  outStride: usize,
): void {
  const query1 = query + stride;
  const query2 = query1 + stride;
  const query3 = query2 + stride;
  let a0 = f32x4.splat(0);
  let a1 = f32x4.splat(0);
  let b0 = f32x4.splat(0);
  let b1 = f32x4.splat(0);
  let c0 = f32x4.splat(0);
  let c1 = f32x4.splat(0);
  let d0 = f32x4.splat(0);
  let d1 = f32x4.splat(0);
  const end = (<usize>d) << 2;
  for (let k: usize = 0; k < end; k += 4) {
    const r0 = v128.load(panel);
    const r1 = v128.load(panel, 16);
    panel += PANEL << 2;
    let q = v128.load32_splat(query + k);
    a0 = f32x4.add(a0, f32x4.mul(q, r0));
    a1 = f32x4.add(a1, f32x4.mul(q, r1));
    q = v128.load32_splat(query1 + k);
    b0 = f32x4.add(b0, f32x4.mul(q, r0));
    b1 = f32x4.add(b1, f32x4.mul(q, r1));
    q = v128.load32_splat(query2 + k);
    c0 = f32x4.add(c0, f32x4.mul(q, r0));
    c1 = f32x4.add(c1, f32x4.mul(q, r1));
    q = v128.load32_splat(query3 + k);
    d0 = f32x4.add(d0, f32x4.mul(q, r0));
    d1 = f32x4.add(d1, f32x4.mul(q, r1));
  }
  const h0 = v128.load(panelHalf);
  const h1 = v128.load(panelHalf, 16);
  let h = v128.load32_splat(queryHalf);
  v128.store(out, f32x4.sub(a0, f32x4.add(h, h0)));
  v128.store(out, f32x4.sub(a1, f32x4.add(h, h1)), 16);
  out += outStride;
  h = v128.load32_splat(queryHalf, 4);
  v128.store(out, f32x4.sub(b0, f32x4.add(h, h0)));
  v128.store(out, f32x4.sub(b1, f32x4.add(h, h1)), 16);
  out += outStride;
  h = v128.load32_splat(queryHalf, 8);
  v128.store(out, f32x4.sub(c0, f32x4.add(h, h0)));
  v128.store(out, f32x4.sub(c1, f32x4.add(h, h1)), 16);
  out += outStride;
  h = v128.load32_splat(queryHalf, 12);
  v128.store(out, f32x4.sub(d0, f32x4.add(h, h0)));
  v128.store(out, f32x4.sub(d1, f32x4.add(h, h1)), 16);
}

/**
 * Fills the `queryRows × referenceRows` tile. Both row counts are rounded up (to four and eight): the caller
 * leaves room for that in queries, half norms and tile.
 */
export function scoreTile(
  queries: usize,
  queryRows: i32,
  queryHalf: usize,
  panels: usize,
  referenceRows: i32,
  panelHalf: usize,
  d: i32,
  tile: usize,
  tileColumns: i32,
): void {
  const stride = (<usize>d) << 2;
  const outStride = (<usize>tileColumns) << 2;
  for (let column = 0; column < referenceRows; column += PANEL) {
    const panel = panels + ((<usize>(column * d)) << 2);
    for (let row = 0; row < queryRows; row += 4) {
      scoreFourRows(
        queries + <usize>row * stride,
        stride,
        panel,
        d,
        queryHalf + ((<usize>row) << 2),
        panelHalf + ((<usize>column) << 2),
        tile + <usize>row * outStride + ((<usize>column) << 2),
        outStride,
      );
    }
  }
}

/** Puts a score into the descending list of one row, once; equal scores are ordered by index. */
function insert(scores: usize, indices: usize, k: i32, score: f32, index: i32): void {
  let place = k;
  while (place > 0) {
    const before = load<f32>(scores + ((<usize>(place - 1)) << 2));
    if (before > score) break;
    if (before == score) {
      const beforeIndex = load<i32>(indices + ((<usize>(place - 1)) << 2));
      if (beforeIndex == index) return;
      if (beforeIndex < index) break;
    }
    place--;
  }
  if (place == k) return;
  const bytes = (<usize>(k - 1 - place)) << 2;
  const score0 = scores + ((<usize>place) << 2);
  const index0 = indices + ((<usize>place) << 2);
  memory.copy(score0 + 4, score0, bytes);
  memory.copy(index0 + 4, index0, bytes);
  store<f32>(score0, score);
  store<i32>(index0, index);
}

/**
 * Offers every score of the tile to the list of its row. `worst` holds the last score of each row's list.
 * A row is not offered to itself: the pair with `firstRow + row === firstColumn + column` is left out when `self`.
 */
export function selectByRow(
  tile: usize,
  rows: i32,
  columns: i32,
  tileColumns: i32,
  firstRow: i32,
  firstColumn: i32,
  self: bool,
  scores: usize,
  indices: usize,
  worst: usize,
  k: i32,
): void {
  for (let row = 0; row < rows; row++) {
    const line = tile + ((<usize>(row * tileColumns)) << 2);
    const global = firstRow + row;
    const list = scores + ((<usize>(global * k)) << 2);
    const listIndices = indices + ((<usize>(global * k)) << 2);
    const worstOfRow = worst + ((<usize>global) << 2);
    let limit = v128.load32_splat(worstOfRow);
    for (let column = 0; column < columns; column += 4) {
      const value = v128.load(line + ((<usize>column) << 2));
      if (!v128.any_true(f32x4.ge(value, limit))) continue;
      const end = min(columns, column + 4);
      for (let c = column; c < end; c++) {
        if (self && firstColumn + c == global) continue;
        insert(list, listIndices, k, load<f32>(line + ((<usize>c) << 2)), firstColumn + c);
      }
      store<f32>(worstOfRow, load<f32>(list + ((<usize>(k - 1)) << 2)));
      limit = v128.load32_splat(worstOfRow);
    }
  }
}

/** The same tile seen from its columns: offers every score to the list of its column. */
export function selectByColumn(
  tile: usize,
  rows: i32,
  columns: i32,
  tileColumns: i32,
  firstRow: i32,
  firstColumn: i32,
  scores: usize,
  indices: usize,
  worst: usize,
  k: i32,
): void {
  for (let row = 0; row < rows; row++) {
    const line = tile + ((<usize>(row * tileColumns)) << 2);
    const limits = worst + ((<usize>firstColumn) << 2);
    for (let column = 0; column < columns; column += 4) {
      const value = v128.load(line + ((<usize>column) << 2));
      if (!v128.any_true(f32x4.ge(value, v128.load(limits + ((<usize>column) << 2))))) continue;
      const end = min(columns, column + 4);
      for (let c = column; c < end; c++) {
        const global = firstColumn + c;
        const list = scores + ((<usize>(global * k)) << 2);
        const listIndices = indices + ((<usize>(global * k)) << 2);
        insert(list, listIndices, k, load<f32>(line + ((<usize>c) << 2)), firstRow + row);
        store<f32>(limits + ((<usize>c) << 2), load<f32>(list + ((<usize>(k - 1)) << 2)));
      }
    }
  }
}

/**
 * For rows of points known by number: offers every score of the tile to the list of its row and, when `both`, to the
 * list of its column.
 */
export function selectGathered(
  tile: usize,
  rowIds: usize,
  rows: i32,
  columnIds: usize,
  columns: i32,
  tileColumns: i32,
  both: bool,
  scores: usize,
  indices: usize,
  k: i32,
): void {
  const last = k - 1;
  for (let row = 0; row < rows; row++) {
    const line = tile + ((<usize>(row * tileColumns)) << 2);
    const rowId = load<i32>(rowIds + ((<usize>row) << 2));
    const rowList = scores + ((<usize>(rowId * k)) << 2);
    const rowIndices = indices + ((<usize>(rowId * k)) << 2);
    for (let column = 0; column < columns; column++) {
      const score = load<f32>(line + ((<usize>column) << 2));
      const columnId = load<i32>(columnIds + ((<usize>column) << 2));
      if (columnId == rowId) continue;
      if (score >= load<f32>(rowList + ((<usize>last) << 2))) insert(rowList, rowIndices, k, score, columnId);
      if (!both) continue;
      const columnList = scores + ((<usize>(columnId * k)) << 2);
      if (score >= load<f32>(columnList + ((<usize>last) << 2))) {
        insert(columnList, indices + ((<usize>(columnId * k)) << 2), k, score, rowId);
      }
    }
  }
}

/** For each of `k` thresholds: how many of the `columns` scores of a line are above it. `columns` is a multiple of four. */
export function countAbove(line: usize, columns: i32, thresholds: usize, k: i32, counts: usize): void {
  for (let t = 0; t < k; t++) {
    const threshold = v128.load32_splat(thresholds + ((<usize>t) << 2));
    let count = i32x4.splat(0);
    for (let column = 0; column < columns; column += 4) {
      // A true lane is −1.
      count = i32x4.sub(count, f32x4.gt(v128.load(line + ((<usize>column) << 2)), threshold));
    }
    store<i32>(
      counts + ((<usize>t) << 2),
      i32x4.extract_lane(count, 0) +
        i32x4.extract_lane(count, 1) +
        i32x4.extract_lane(count, 2) +
        i32x4.extract_lane(count, 3),
    );
  }
}
