// Distance kernels. Pointers are byte offsets into the module's linear memory.

/** Squared Euclidean distance between two float32 vectors of length `d` (no alignment needed). */
export function squaredEuclidean(a: usize, b: usize, d: i32): f32 {
  let sum = f32x4.splat(0);
  let i: i32 = 0;
  for (; i + 4 <= d; i += 4) {
    const difference = f32x4.sub(v128.load(a + ((<usize>i) << 2)), v128.load(b + ((<usize>i) << 2)));
    sum = f32x4.add(sum, f32x4.mul(difference, difference));
  }
  let total: f32 =
    f32x4.extract_lane(sum, 0) +
    f32x4.extract_lane(sum, 1) +
    f32x4.extract_lane(sum, 2) +
    f32x4.extract_lane(sum, 3);
  for (; i < d; i++) {
    const difference = load<f32>(a + ((<usize>i) << 2)) - load<f32>(b + ((<usize>i) << 2));
    total += difference * difference;
  }
  return total;
}
