// Sums of Euclidean distances from rows to the members of every cluster, for silhouettes. The members of a cluster
// lie together in panels of eight rows, one column after another. A distance is taken from differences in float32
// (nothing cancels), and the sums run in float64. Pointers are byte offsets into the module's own memory.

/** Rows that lie side by side in a panel. */
const PANEL: i32 = 8;

/** First byte that the caller may use. */
export function heapBase(): usize {
  return __heap_base;
}

function addDistances(total: v128, low: v128, high: v128, mask0: v128, mask1: v128): v128 {
  const both = f32x4.add(v128.and(f32x4.sqrt(low), mask0), v128.and(f32x4.sqrt(high), mask1));
  return f64x2.add(
    f64x2.add(total, f64x2.promote_low_f32x4(both)),
    f64x2.promote_low_f32x4(v128.shuffle<i32>(both, both, 2, 3, 2, 3)),
  );
}

function storeSum(out: usize, total: v128): void {
  store<f64>(out, f64x2.extract_lane(total, 0) + f64x2.extract_lane(total, 1));
}

/**
 * Writes `rows × clusters` sums; `rows` is a multiple of four. Panels [starts[c], starts[c + 1]) are those of cluster
 * c, and `masks` has all bits of a lane set where the panel holds a row there.
 */
export function sumDistances(
  queries: usize,
  rows: i32,
  d: i32,
  panels: usize,
  masks: usize,
  starts: usize,
  clusters: i32,
  out: usize,
): void {
  const rowBytes = (<usize>d) << 2;
  const outBytes = (<usize>clusters) << 3;
  for (let row = 0; row < rows; row += 4) {
    const first = queries + <usize>row * rowBytes;
    const second = first + rowBytes;
    const third = second + rowBytes;
    const fourth = third + rowBytes;
    for (let cluster = 0; cluster < clusters; cluster++) {
      const from = load<i32>(starts + ((<usize>cluster) << 2));
      const to = load<i32>(starts + ((<usize>cluster) << 2), 4);
      let sumA = f64x2.splat(0);
      let sumB = sumA;
      let sumC = sumA;
      let sumD = sumA;
      let members = panels + <usize>from * (rowBytes << 3);
      for (let panel = from; panel < to; panel++) {
        let a0 = f32x4.splat(0);
        let a1 = a0;
        let b0 = a0;
        let b1 = a0;
        let c0 = a0;
        let c1 = a0;
        let d0 = a0;
        let d1 = a0;
        for (let column: usize = 0; column < rowBytes; column += 4) {
          const r0 = v128.load(members);
          const r1 = v128.load(members, 16);
          members += PANEL << 2;
          let q = v128.load32_splat(first + column);
          let t0 = f32x4.sub(r0, q);
          let t1 = f32x4.sub(r1, q);
          a0 = f32x4.add(a0, f32x4.mul(t0, t0));
          a1 = f32x4.add(a1, f32x4.mul(t1, t1));
          q = v128.load32_splat(second + column);
          t0 = f32x4.sub(r0, q);
          t1 = f32x4.sub(r1, q);
          b0 = f32x4.add(b0, f32x4.mul(t0, t0));
          b1 = f32x4.add(b1, f32x4.mul(t1, t1));
          q = v128.load32_splat(third + column);
          t0 = f32x4.sub(r0, q);
          t1 = f32x4.sub(r1, q);
          c0 = f32x4.add(c0, f32x4.mul(t0, t0));
          c1 = f32x4.add(c1, f32x4.mul(t1, t1));
          q = v128.load32_splat(fourth + column);
          t0 = f32x4.sub(r0, q);
          t1 = f32x4.sub(r1, q);
          d0 = f32x4.add(d0, f32x4.mul(t0, t0));
          d1 = f32x4.add(d1, f32x4.mul(t1, t1));
        }
        const mask0 = v128.load(masks + ((<usize>panel) << 5));
        const mask1 = v128.load(masks + ((<usize>panel) << 5), 16);
        sumA = addDistances(sumA, a0, a1, mask0, mask1);
        sumB = addDistances(sumB, b0, b1, mask0, mask1);
        sumC = addDistances(sumC, c0, c1, mask0, mask1);
        sumD = addDistances(sumD, d0, d1, mask0, mask1);
      }
      const at = out + <usize>row * outBytes + ((<usize>cluster) << 3);
      storeSum(at, sumA);
      storeSum(at + outBytes, sumB);
      storeSum(at + outBytes * 2, sumC);
      storeSum(at + outBytes * 3, sumD);
    }
  }
}
