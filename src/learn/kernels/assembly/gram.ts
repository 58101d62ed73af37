// XᵀX in double precision. Pointers are byte offsets into the module's own memory.

/** First byte that the caller may use. */
export function heapBase(): usize {
  return __heap_base;
}

/**
 * Adds XᵀX of a block of rows to the lower triangle of `products` (`width × width`; tiles on the diagonal are
 * filled on both sides). `width` is a multiple of four.
 */
export function addProducts(block: usize, rows: i32, width: i32, products: usize): void {
  const stride = (<usize>width) << 3;
  for (let i = 0; i < width; i += 4) {
    for (let j = 0; j <= i; j += 4) {
      let a0 = f64x2.splat(0);
      let a1 = f64x2.splat(0);
      let b0 = f64x2.splat(0);
      let b1 = f64x2.splat(0);
      let c0 = f64x2.splat(0);
      let c1 = f64x2.splat(0);
      let d0 = f64x2.splat(0);
      let d1 = f64x2.splat(0);
      let left = block + ((<usize>i) << 3);
      let right = block + ((<usize>j) << 3);
      for (let row = 0; row < rows; row++) {
        const r0 = v128.load(right);
        const r1 = v128.load(right, 16);
        let q = v128.load64_splat(left);
        a0 = f64x2.add(a0, f64x2.mul(q, r0));
        a1 = f64x2.add(a1, f64x2.mul(q, r1));
        q = v128.load64_splat(left, 8);
        b0 = f64x2.add(b0, f64x2.mul(q, r0));
        b1 = f64x2.add(b1, f64x2.mul(q, r1));
        q = v128.load64_splat(left, 16);
        c0 = f64x2.add(c0, f64x2.mul(q, r0));
        c1 = f64x2.add(c1, f64x2.mul(q, r1));
        q = v128.load64_splat(left, 24);
        d0 = f64x2.add(d0, f64x2.mul(q, r0));
        d1 = f64x2.add(d1, f64x2.mul(q, r1));
        left += stride;
        right += stride;
      }
      let out = products + <usize>i * stride + ((<usize>j) << 3);
      addPair(out, a0, a1);
      out += stride;
      addPair(out, b0, b1);
      out += stride;
      addPair(out, c0, c1);
      out += stride;
      addPair(out, d0, d1);
    }
  }
}

function addPair(out: usize, low: v128, high: v128): void {
  v128.store(out, f64x2.add(v128.load(out), low));
  v128.store(out, f64x2.add(v128.load(out, 16), high), 16);
}
