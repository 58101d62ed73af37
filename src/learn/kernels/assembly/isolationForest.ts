// Path lengths of rows in isolation trees. Pointers are byte offsets into the module's own memory.
//
// Rows go through a tree in groups of eight, interleaved (column by column, eight rows each), so that eight
// descents that do not depend on each other are under way at once and hide each other's loads. A node is sixteen
// bytes: the split column's offset in a group, the threshold, the address of the left child (the right one
// follows it), the path length. A leaf is its own left child with an infinite threshold, so every descent takes
// as many steps as its tree is deep, without a branch.

const GROUP_SHIFT: i32 = 5;

/** First byte that the caller may use. */
export function heapBase(): usize {
  return __heap_base;
}

/** Rows as they come into groups of eight; the last group is filled up with what `groups` holds. */
export function interleave(rows: usize, n: i32, d: i32, groups: usize): void {
  const groupBytes = (<usize>d) << GROUP_SHIFT;
  for (let row: i32 = 0; row < n; row++) {
    let to = groups + <usize>(row >> 3) * groupBytes + ((<usize>(row & 7)) << 2);
    for (let column: i32 = 0; column < d; column++) {
      store<f32>(to, load<f32>(rows));
      rows += 4;
      to += 1 << GROUP_SHIFT;
    }
  }
}

function step(node: usize, group: usize, lane: usize): usize {
  const x = load<f32>(group + <usize>load<u32>(node) + lane);
  return <usize>load<u32>(node, 8) + ((<usize>(x > load<f32>(node, 4))) << 4);
}

function add(sums: usize, node: usize, lane: usize): void {
  store<f64>(sums + (lane << 1), load<f64>(sums + (lane << 1)) + <f64>load<f32>(node, 12));
}

/**
 * Adds to `sums` (one f64 per row of the groups) each row's path length in every tree. `roots` and `depths` hold
 * an i32 per tree: the address of its root, and its steps.
 */
export function addPathLengths(
  groups: usize,
  groupCount: i32,
  d: i32,
  roots: usize,
  depths: usize,
  trees: i32,
  sums: usize,
): void {
  const groupBytes = (<usize>d) << GROUP_SHIFT;
  for (let tree: i32 = 0; tree < trees; tree++) {
    const root = <usize>load<u32>(roots + ((<usize>tree) << 2));
    const depth = load<i32>(depths + ((<usize>tree) << 2));
    let group = groups;
    let sum = sums;
    for (let at: i32 = 0; at < groupCount; at++) {
      let a = root;
      let b = root;
      let c = root;
      let e = root;
      let f = root;
      let g = root;
      let h = root;
      let i = root;
      for (let left = depth; left > 0; left--) {
        a = step(a, group, 0);
        b = step(b, group, 4);
        c = step(c, group, 8);
        e = step(e, group, 12);
        f = step(f, group, 16);
        g = step(g, group, 20);
        h = step(h, group, 24);
        i = step(i, group, 28);
      }
      add(sum, a, 0);
      add(sum, b, 4);
      add(sum, c, 8);
      add(sum, e, 12);
      add(sum, f, 16);
      add(sum, g, 20);
      add(sum, h, 24);
      add(sum, i, 28);
      group += groupBytes;
      sum += 64;
    }
  }
}
