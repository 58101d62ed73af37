// Products of sparse rows with a tall dense matrix, and of tall dense matrices with small ones. Dense rows are
// `width` float32 wide, a multiple of 16. Pointers are byte offsets into the module's own memory.

/** First byte that the caller may use. */
export function heapBase(): usize {
  return __heap_base;
}

/** target[row] = sum over the row's entries of value · dense[column]. `indptr` counts from the block's first entry. */
export function projectRows(
  indptr: usize,
  indices: usize,
  values: usize,
  rows: i32,
  dense: usize,
  width: i32,
  target: usize,
): void {
  const stride = (<usize>width) << 2;
  for (let row = 0; row < rows; row++) {
    const from = load<i32>(indptr + ((<usize>row) << 2));
    const to = load<i32>(indptr + ((<usize>row) << 2), 4);
    for (let offset: usize = 0; offset < stride; offset += 64) {
      let a = f32x4.splat(0);
      let b = f32x4.splat(0);
      let c = f32x4.splat(0);
      let d = f32x4.splat(0);
      for (let at = from; at < to; at++) {
        const value = v128.load32_splat(values + ((<usize>at) << 2));
        const source = dense + <usize>load<i32>(indices + ((<usize>at) << 2)) * stride + offset;
        a = f32x4.add(a, f32x4.mul(value, v128.load(source)));
        b = f32x4.add(b, f32x4.mul(value, v128.load(source, 16)));
        c = f32x4.add(c, f32x4.mul(value, v128.load(source, 32)));
        d = f32x4.add(d, f32x4.mul(value, v128.load(source, 48)));
      }
      const out = target + <usize>row * stride + offset;
      v128.store(out, a);
      v128.store(out, b, 16);
      v128.store(out, c, 32);
      v128.store(out, d, 48);
    }
  }
}

/** dense[column] += value · source[row] for every entry of every row. */
export function scatterRows(
  indptr: usize,
  indices: usize,
  values: usize,
  rows: i32,
  source: usize,
  width: i32,
  dense: usize,
): void {
  const stride = (<usize>width) << 2;
  for (let row = 0; row < rows; row++) {
    const from = load<i32>(indptr + ((<usize>row) << 2));
    const to = load<i32>(indptr + ((<usize>row) << 2), 4);
    for (let offset: usize = 0; offset < stride; offset += 64) {
      const read = source + <usize>row * stride + offset;
      const a = v128.load(read);
      const b = v128.load(read, 16);
      const c = v128.load(read, 32);
      const d = v128.load(read, 48);
      for (let at = from; at < to; at++) {
        const value = v128.load32_splat(values + ((<usize>at) << 2));
        const out = dense + <usize>load<i32>(indices + ((<usize>at) << 2)) * stride + offset;
        v128.store(out, f32x4.add(v128.load(out), f32x4.mul(value, a)));
        v128.store(out, f32x4.add(v128.load(out, 16), f32x4.mul(value, b)), 16);
        v128.store(out, f32x4.add(v128.load(out, 32), f32x4.mul(value, c)), 32);
        v128.store(out, f32x4.add(v128.load(out, 48), f32x4.mul(value, d)), 48);
      }
    }
  }
}

/** products += denseᵀ · dense, width × width; entries right of the diagonal's block of 16 are left alone. */
export function addMoments(dense: usize, rows: i32, width: i32, products: usize): void {
  const stride = (<usize>width) << 2;
  for (let row = 0; row < rows; row++) {
    const source = dense + <usize>row * stride;
    for (let i = 0; i < width; i++) {
      const value = v128.load32_splat(source + ((<usize>i) << 2));
      const out = products + <usize>i * stride;
      const end = (<usize>(i | 15) + 1) << 2;
      for (let offset: usize = 0; offset < end; offset += 16) {
        v128.store(
          out + offset,
          f32x4.add(v128.load(out + offset), f32x4.mul(value, v128.load(source + offset))),
        );
      }
    }
  }
}

/** dense = dense · square in place, row by row; `row` holds one row. */
export function multiplyRight(dense: usize, rows: i32, width: i32, square: usize, row: usize): void {
  const stride = (<usize>width) << 2;
  for (let r = 0; r < rows; r++) {
    const out = dense + <usize>r * stride;
    memory.copy(row, out, stride);
    for (let offset: usize = 0; offset < stride; offset += 64) {
      let a = f32x4.splat(0);
      let b = f32x4.splat(0);
      let c = f32x4.splat(0);
      let d = f32x4.splat(0);
      let source = square + offset;
      for (let k = 0; k < width; k++) {
        const value = v128.load32_splat(row + ((<usize>k) << 2));
        a = f32x4.add(a, f32x4.mul(value, v128.load(source)));
        b = f32x4.add(b, f32x4.mul(value, v128.load(source, 16)));
        c = f32x4.add(c, f32x4.mul(value, v128.load(source, 32)));
        d = f32x4.add(d, f32x4.mul(value, v128.load(source, 48)));
        source += stride;
      }
      v128.store(out + offset, a);
      v128.store(out + offset, b, 16);
      v128.store(out + offset, c, 32);
      v128.store(out + offset, d, 48);
    }
  }
}
