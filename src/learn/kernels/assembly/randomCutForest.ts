// Scores a point against all trees of a random cut forest. Pointers are byte offsets into the module's own memory;
// a tree lies there as src/learn/outlier/streaming/randomCutTree.ts lays it out.

const LEFT: usize = 0;
const RIGHT: usize = 4;
const COUNT: usize = 12;
const CUT_COLUMN: usize = 16;
const CUT_VALUE: usize = 24;
const SIDE: usize = 32;
const BOX: usize = 48;
/** Chance below which what is left of an expectation does not matter. */
const NEGLIGIBLE: f64 = 1e-5;

/** First byte that the caller may use. */
export function heapBase(): usize {
  return __heap_base;
}

/** How far the point lies outside a node's box, summed over the columns, four at a time. */
function reachBeyond(node: usize, point: usize, width: usize): f64 {
  const zero = f32x4.splat(0);
  let sum = zero;
  let low = node + BOX;
  for (let at: usize = 0; at < width; at += 16) {
    const value = v128.load(point + at);
    const below = f32x4.sub(v128.load(low), value);
    const above = f32x4.sub(value, v128.load(low + width));
    sum = f32x4.add(sum, f32x4.max(f32x4.max(below, above), zero));
    low += 16;
  }
  return (
    <f64>f32x4.extract_lane(sum, 0) +
    <f64>f32x4.extract_lane(sum, 1) +
    (<f64>f32x4.extract_lane(sum, 2) + <f64>f32x4.extract_lane(sum, 3))
  );
}

/** The expected collusive displacement of the point in one tree; see `expectedDisplacement`. */
function displacement(tree: usize, records: usize, point: usize, width: usize): f64 {
  const root = load<i32>(tree) - 1;
  if (root < 0) return 0;
  const stride = BOX + (width << 1);
  const first = tree + records;
  let node = first + <usize>root * stride;
  let expected: f64 = 0;
  let reached: f64 = 1;
  let displaced: f64 = 0;
  while (true) {
    const reach = reachBeyond(node, point, width);
    if (reach > 0) {
      const separated = reached * (reach / (reach + load<f64>(node, SIDE)));
      expected += separated * max(displaced, <f64>load<i32>(node, COUNT));
      reached -= separated;
    }
    const left = load<i32>(node, LEFT);
    if (left < 0) return reach > 0 ? expected : expected + reached * displaced;
    if (reached < NEGLIGIBLE) return expected;
    const leftNode = first + <usize>left * stride;
    const rightNode = first + <usize>load<i32>(node, RIGHT) * stride;
    const column = <usize>load<i32>(node, CUT_COLUMN);
    const goesLeft = <f64>load<f32>(point + (column << 2)) <= load<f64>(node, CUT_VALUE);
    const sibling = goesLeft ? rightNode : leftNode;
    node = goesLeft ? leftNode : rightNode;
    displaced = max(displaced, <f64>load<i32>(sibling, COUNT) / <f64>(load<i32>(node, COUNT) + 1));
  }
}

/**
 * Mean expected displacement over `count` trees, `treeBytes` apart, whose records begin `records` bytes into each.
 * `width` is the point's length in bytes, a multiple of 16.
 */
export function score(trees: usize, treeBytes: i32, count: i32, records: i32, point: usize, width: i32): f64 {
  let sum: f64 = 0;
  for (let tree: i32 = 0; tree < count; tree++) {
    sum += displacement(trees + <usize>tree * <usize>treeBytes, <usize>records, point, <usize>width);
  }
  return sum / <f64>count;
}
