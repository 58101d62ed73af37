// Stochastic gradient descent of UMAP's layout (McInnes, Healy and Melville 2018, section 3.2; umap-learn
// 0.5.3 umap/layouts.py). Pointers are byte offsets into the module's own memory.

/**
 * The two gradient factors are functions of the squared distance alone. They are read from tables that are
 * linear between 64 knots an octave, found by the bits of the float itself: relative error below 1e-4, an
 * order of magnitude faster than two calls of pow.
 */
const FRACTION_BITS: u32 = 17;
const FRACTION_MASK: u32 = (1 << FRACTION_BITS) - 1;
const FRACTION_SCALE: f32 = 1.0 / <f32>(1 << FRACTION_BITS);

/** A coordinate of one gradient never moves a point by more than this, times the learning rate. */
const CLIP: f32 = 4.0;

/** First byte that the caller may use. */
export function heapBase(): usize {
  return __heap_base;
}

function clip(value: f32): f32 {
  return max<f32>(-CLIP, min<f32>(CLIP, value));
}

/** Value of the table at `x`, whose bits lie between those of the first and the last knot. */
function lookUp(table: usize, firstKnot: u32, lastKnot: u32, x: f32): f32 {
  const bits = reinterpret<u32>(x);
  let knot = bits >> FRACTION_BITS;
  let fraction: f32 = <f32>(bits & FRACTION_MASK) * FRACTION_SCALE;
  if (knot < firstKnot) {
    knot = firstKnot;
    fraction = 0;
  } else if (knot >= lastKnot) {
    knot = lastKnot - 1;
    fraction = 1;
  }
  const place = table + ((<usize>(knot - firstKnot)) << 2);
  const low = load<f32>(place);
  return low + fraction * (load<f32>(place, 4) - low);
}

/** xorshift128+'s 32-bit cousin: xoshiro128++ over four words at `state`. */
function nextBits(state: usize): u32 {
  const s0 = load<u32>(state);
  let s1 = load<u32>(state, 4);
  let s2 = load<u32>(state, 8);
  let s3 = load<u32>(state, 12);
  const result = rotl<u32>(s0 + s3, 7) + s0;
  const t = s1 << 9;
  s2 ^= s0;
  s3 ^= s1;
  s1 ^= s2;
  store<u32>(state, s0 ^ s3);
  store<u32>(state, s1, 4);
  store<u32>(state, s2 ^ t, 8);
  store<u32>(state, rotl<u32>(s3, 11), 12);
  return result;
}

function squaredDistance(a: usize, b: usize, bytes: usize): f32 {
  let sum: f32 = 0;
  for (let offset: usize = 0; offset < bytes; offset += 4) {
    const difference = load<f32>(a + offset) - load<f32>(b + offset);
    sum += difference * difference;
  }
  return sum;
}

/**
 * One epoch over the edges `first … last − 1`, in order. An edge fires when its time has come; it pulls its head
 * towards its tail (and its tail towards its head when `moveTail`), then pushes the head away from randomly
 * drawn points of the reference.
 */
export function epoch(
  headEmbedding: usize,
  reference: usize,
  referenceCount: u32,
  dimensions: i32,
  heads: usize,
  tails: usize,
  first: i32,
  last: i32,
  epochsPerSample: usize,
  epochOfNextSample: usize,
  epochOfNextNegative: usize,
  negativeSampleRate: f64,
  attraction: usize,
  repulsion: usize,
  firstKnot: u32,
  lastKnot: u32,
  random: usize,
  moveTail: bool,
  alpha: f32,
  now: f64,
): void {
  const bytes = (<usize>dimensions) << 2;
  for (let edge = first; edge < last; edge++) {
    const time = epochOfNextSample + ((<usize>edge) << 3);
    const due = load<f64>(time);
    if (due > now) continue;
    const perSample = load<f64>(epochsPerSample + ((<usize>edge) << 3));
    store<f64>(time, due + perSample);

    const current = headEmbedding + <usize>load<u32>(heads + ((<usize>edge) << 2)) * bytes;
    const other = reference + <usize>load<u32>(tails + ((<usize>edge) << 2)) * bytes;
    const pull = squaredDistance(current, other, bytes);
    if (pull > 0) {
      const factor = lookUp(attraction, firstKnot, lastKnot, pull);
      for (let offset: usize = 0; offset < bytes; offset += 4) {
        const here = load<f32>(current + offset);
        const there = load<f32>(other + offset);
        const step = clip(factor * (here - there)) * alpha;
        store<f32>(current + offset, here + step);
        if (moveTail) store<f32>(other + offset, there - step);
      }
    }

    const negativeTime = epochOfNextNegative + ((<usize>edge) << 3);
    const perNegative = perSample / negativeSampleRate;
    const dueNegative = load<f64>(negativeTime);
    const draws = <i32>((now - dueNegative) / perNegative);
    for (let draw = 0; draw < draws; draw++) {
      const drawn = <u32>((<u64>nextBits(random) * <u64>referenceCount) >> 32);
      const negative = reference + <usize>drawn * bytes;
      const distance = squaredDistance(current, negative, bytes);
      if (distance > 0) {
        const factor = lookUp(repulsion, firstKnot, lastKnot, distance);
        for (let offset: usize = 0; offset < bytes; offset += 4) {
          const here = load<f32>(current + offset);
          store<f32>(current + offset, here + clip(factor * (here - load<f32>(negative + offset))) * alpha);
        }
      } else if (current != negative) {
        // Two points in one place have no direction to part in: push along all axes.
        for (let offset: usize = 0; offset < bytes; offset += 4) {
          store<f32>(current + offset, load<f32>(current + offset) + CLIP * alpha);
        }
      }
    }
    store<f64>(negativeTime, dueNegative + <f64>draws * perNegative);
  }
}

/** All epochs of one new point, whose position is the whole of the head embedding; the reference stays. */
export function placePoint(
  position: usize,
  reference: usize,
  referenceCount: u32,
  dimensions: i32,
  heads: usize,
  tails: usize,
  edges: i32,
  epochsPerSample: usize,
  epochOfNextSample: usize,
  epochOfNextNegative: usize,
  negativeSampleRate: f64,
  attraction: usize,
  repulsion: usize,
  firstKnot: u32,
  lastKnot: u32,
  random: usize,
  learningRate: f64,
  epochs: i32,
): void {
  let alpha = learningRate;
  for (let now = 0; now < epochs; now++) {
    epoch(
      position,
      reference,
      referenceCount,
      dimensions,
      heads,
      tails,
      0,
      edges,
      epochsPerSample,
      epochOfNextSample,
      epochOfNextNegative,
      negativeSampleRate,
      attraction,
      repulsion,
      firstKnot,
      lastKnot,
      random,
      false,
      <f32>alpha,
      <f64>now,
    );
    alpha = learningRate * (1.0 - <f64>now / <f64>epochs);
  }
}
