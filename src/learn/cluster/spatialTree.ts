import type { Matrix } from '../matrix';
import type { SharedMemory } from './treeKernel';
import { paddedDimensions, pointsPerLeaf, type TreeLayout } from './treeLayout';

/**
 * A kd-tree with leaf buckets (Bentley 1975; the widest side is cut at a median that fills leaves exactly).
 * `order[position]` is the row that stands at a position; a leaf is `pointsPerLeaf` positions in a row.
 */
export function orderByTree(data: Matrix): Int32Array {
  const { values, n, d } = data;
  const order = Int32Array.from({ length: n }, (_, index) => index);
  const low = new Float32Array(d);
  const high = new Float32Array(d);

  const split = (fromLeaf: number, toLeaf: number): void => {
    if (toLeaf - fromLeaf <= 1) return;
    const from = fromLeaf * pointsPerLeaf;
    const to = Math.min(n, toLeaf * pointsPerLeaf);
    const middleLeaf = (fromLeaf + toLeaf) >> 1;
    low.fill(Infinity);
    high.fill(-Infinity);
    for (let position = from; position < to; position++) {
      const row = order[position]! * d;
      for (let column = 0; column < d; column++) {
        const value = values[row + column]!;
        if (value < low[column]!) low[column] = value;
        if (value > high[column]!) high[column] = value;
      }
    }
    let axis = 0;
    for (let column = 1; column < d; column++) {
      if (high[column]! - low[column]! > high[axis]! - low[axis]!) axis = column;
    }
    selectPosition(order, values, d, axis, from, to - 1, middleLeaf * pointsPerLeaf);
    split(fromLeaf, middleLeaf);
    split(middleLeaf, toLeaf);
  };
  split(0, Math.ceil(n / pointsPerLeaf));
  return order;
}

/**
 * Rearranges order[from..to] so that what stands before `target` is not above it on the axis (Floyd and
 * Rivest 1975, in Hoare's plain form with a median of three).
 */
function selectPosition(
  order: Int32Array,
  values: Float32Array,
  d: number,
  axis: number,
  from: number,
  to: number,
  target: number,
): void {
  const at = (position: number): number => values[order[position]! * d + axis]!;
  let low = from;
  let high = to;
  while (low < high) {
    const first = at(low);
    const middle = at((low + high) >> 1);
    const last = at(high);
    const pivot = Math.max(Math.min(first, middle), Math.min(Math.max(first, middle), last));
    let left = low;
    let right = high;
    while (left <= right) {
      while (at(left) < pivot) left++;
      while (at(right) > pivot) right--;
      if (left <= right) {
        const swapped = order[left]!;
        order[left] = order[right]!;
        order[right] = swapped;
        left++;
        right--;
      }
    }
    if (target <= right) high = right;
    else if (target >= left) low = left;
    else return;
  }
}

/** Writes points (in tree order, dimension by dimension within a leaf) and node boxes into the memory. */
export function fillTree(memory: SharedMemory, layout: TreeLayout, data: Matrix, order: Int32Array): void {
  const { n, d, leaves, nodes } = layout;
  const points = new Float32Array(memory.buffer, layout.points, leaves * pointsPerLeaf * d);
  // What fills up the last leaf is infinitely far from everything.
  points.fill(Infinity, (leaves - 1) * pointsPerLeaf * d);
  for (let position = 0; position < n; position++) {
    const to = Math.floor(position / pointsPerLeaf) * pointsPerLeaf * d + (position % pointsPerLeaf);
    const from = order[position]! * d;
    for (let column = 0; column < d; column++) {
      points[to + column * pointsPerLeaf] = data.values[from + column]!;
    }
  }

  const width = paddedDimensions(d);
  const boxes = new Float32Array(memory.buffer, layout.boxes, nodes * width * 2);
  const fill = (node: number, fromLeaf: number, toLeaf: number): void => {
    const low = node * width * 2;
    const high = low + width;
    if (toLeaf - fromLeaf === 1) {
      const count = Math.min(n - fromLeaf * pointsPerLeaf, pointsPerLeaf);
      for (let column = 0; column < d; column++) {
        const start = (fromLeaf * d + column) * pointsPerLeaf;
        let least = Infinity;
        let most = -Infinity;
        for (let index = start; index < start + count; index++) {
          least = Math.min(least, points[index]!);
          most = Math.max(most, points[index]!);
        }
        boxes[low + column] = least;
        boxes[high + column] = most;
      }
      return;
    }
    const middleLeaf = (fromLeaf + toLeaf) >> 1;
    const left = (node + 1) * width * 2;
    const rightNode = node + 2 * (middleLeaf - fromLeaf);
    const right = rightNode * width * 2;
    fill(node + 1, fromLeaf, middleLeaf);
    fill(rightNode, middleLeaf, toLeaf);
    for (let column = 0; column < d; column++) {
      boxes[low + column] = Math.min(boxes[left + column]!, boxes[right + column]!);
      boxes[high + column] = Math.max(boxes[left + width + column]!, boxes[right + width + column]!);
    }
  };
  fill(0, 0, leaves);
}
