// Rows through trees. A node has 24 bytes: threshold (f32), where its column stands in a row in bytes (u32), its
// children as byte offsets into the module's memory (u32, 0 in a leaf), what a leaf adds (f32), and whether a missing
// value goes left (u32).

/** First byte that the caller may use. */
export function heapBase(): usize {
  return __heap_base;
}

/**
 * Adds one leaf of every tree to the margin of each row, tree by tree. `roots` holds a word per tree, `values`
 * rows of `rowBytes` bytes each, `margins` a number per row.
 */
export function addMargins(
  roots: usize,
  trees: i32,
  values: usize,
  rows: i32,
  rowBytes: usize,
  margins: usize,
): void {
  for (let tree: usize = 0; tree < <usize>trees; tree++) {
    const root = <usize>load<u32>(roots + (tree << 2));
    let row = values;
    for (let margin = margins; margin < margins + ((<usize>rows) << 2); margin += 4) {
      let node = root;
      let left = <usize>load<u32>(node, 8);
      while (left) {
        const value = load<f32>(row + <usize>load<u32>(node, 4));
        // Without a branch: which way a row goes cannot be foreseen.
        const goesLeft = (<u32>(value < load<f32>(node))) | ((<u32>(value != value)) & load<u32>(node, 20));
        node = select<usize>(left, <usize>load<u32>(node, 12), goesLeft);
        left = <usize>load<u32>(node, 8);
      }
      store<f32>(margin, load<f32>(margin) + load<f32>(node, 16));
      row += rowBytes;
    }
  }
}
