// asc: --importMemory --sharedMemory --enable threads
//
// Search in a kd-tree with leaf buckets: nearest neighbours of a query, and the nearest point of another
// component under mutual reachability (the inner step of Borůvka's algorithm, after McInnes and Healy 2017).
//
// Leaves hold 32 points each, one dimension after another, so that one query meets a leaf in whole SIMD lanes.
// The distances of a leaf are float32 and only sieve: what passes is measured again in float64, so that the
// answers are those of float64 throughout. Nodes are numbered in preorder and their extent in leaves is
// implied: the left child of `node` over leaves [from, to) is node + 1, the right one node + 2 × (mid − from).

const POINTS_PER_LEAF: i32 = 32;
const LEAF_SHIFT: i32 = 5;
/** Guards the sieve where squares of float32 differences fall below the smallest normal float32. */
const UNDERFLOW_GUARD: f32 = 1e-36;
/** Dimensions after which the sieve looks whether a whole leaf is out already. */
const DIMENSIONS_PER_LOOK: i32 = 16;

let d: i32 = 0;
let dPadded: i32 = 0;
let n: i32 = 0;
let leaves: i32 = 0;
let points: usize = 0;
let boxes: usize = 0;
/** One plus the relative error that float32 sums of d squares can have. */
let sieveFactor: f64 = 1;

let query: usize = 0;
let stack: usize = 0;
let nearestDistances: usize = 0;
let nearestPositions: usize = 0;

export function configureTree(
  pointCount: i32,
  dimensions: i32,
  leafCount: i32,
  pointsAt: usize,
  boxesAt: usize,
  queryAt: usize,
  stackAt: usize,
  nearestDistancesAt: usize,
  nearestPositionsAt: usize,
): void {
  n = pointCount;
  d = dimensions;
  dPadded = (dimensions + 3) & ~3;
  leaves = leafCount;
  points = pointsAt;
  boxes = boxesAt;
  sieveFactor = 1.0 + <f64>(dimensions + 8) * 1.2e-7;
  query = queryAt;
  stack = stackAt;
  nearestDistances = nearestDistancesAt;
  nearestPositions = nearestPositionsAt;
}

function sieveLimit(squaredDistance: f64): f32 {
  return <f32>(squaredDistance * sieveFactor) + UNDERFLOW_GUARD;
}

function coordinateAt(position: i32): usize {
  const leaf = position >> LEAF_SHIFT;
  return (
    points +
    (((<usize>leaf * <usize>d) << LEAF_SHIFT) << 2) +
    ((<usize>(position & (POINTS_PER_LEAF - 1))) << 2)
  );
}

/** Makes the point at `position` the query. */
function loadQuery(position: i32): void {
  let from = coordinateAt(position);
  for (let i: i32 = 0; i < d; i++) {
    store<f32>(query + ((<usize>i) << 2), load<f32>(from));
    from += POINTS_PER_LEAF << 2;
  }
}

/** Squared Euclidean distance from the query, in float64. */
function exactDistance(position: i32): f64 {
  let from = coordinateAt(position);
  let sum: f64 = 0;
  for (let i: i32 = 0; i < d; i++) {
    const difference = <f64>load<f32>(query + ((<usize>i) << 2)) - <f64>load<f32>(from);
    sum += difference * difference;
    from += POINTS_PER_LEAF << 2;
  }
  return sum;
}

/** Squared distance from the query to a node's box, in float32. */
function boxDistance(node: i32): f32 {
  const width = (<usize>dPadded) << 2;
  const low = boxes + <usize>node * (width << 1);
  const high = low + width;
  const zero = f32x4.splat(0);
  let sum = zero;
  for (let i: usize = 0; i < width; i += 16) {
    const q = v128.load(query + i);
    const outside = f32x4.max(
      f32x4.max(f32x4.sub(v128.load(low + i), q), f32x4.sub(q, v128.load(high + i))),
      zero,
    );
    sum = f32x4.add(sum, f32x4.mul(outside, outside));
  }
  return (
    f32x4.extract_lane(sum, 0) +
    f32x4.extract_lane(sum, 1) +
    (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3))
  );
}

/** Bit i is set when the leaf's point i may lie within the limit. */
function sieveLeaf(leaf: i32, limit: f32): u32 {
  let from = points + (((<usize>leaf * <usize>d) << LEAF_SHIFT) << 2);
  let coordinate = query;
  const limits = f32x4.splat(limit);
  let a0 = f32x4.splat(0);
  let a1 = a0;
  let a2 = a0;
  let a3 = a0;
  let a4 = a0;
  let a5 = a0;
  let a6 = a0;
  let a7 = a0;
  let left = d;
  while (true) {
    const end = coordinate + ((<usize>min(left, DIMENSIONS_PER_LOOK)) << 2);
    while (coordinate < end) {
      const q = v128.load32_splat(coordinate);
      coordinate += 4;
      const t0 = f32x4.sub(v128.load(from, 0), q);
      const t1 = f32x4.sub(v128.load(from, 16), q);
      const t2 = f32x4.sub(v128.load(from, 32), q);
      const t3 = f32x4.sub(v128.load(from, 48), q);
      a0 = f32x4.add(a0, f32x4.mul(t0, t0));
      a1 = f32x4.add(a1, f32x4.mul(t1, t1));
      a2 = f32x4.add(a2, f32x4.mul(t2, t2));
      a3 = f32x4.add(a3, f32x4.mul(t3, t3));
      const t4 = f32x4.sub(v128.load(from, 64), q);
      const t5 = f32x4.sub(v128.load(from, 80), q);
      const t6 = f32x4.sub(v128.load(from, 96), q);
      const t7 = f32x4.sub(v128.load(from, 112), q);
      a4 = f32x4.add(a4, f32x4.mul(t4, t4));
      a5 = f32x4.add(a5, f32x4.mul(t5, t5));
      a6 = f32x4.add(a6, f32x4.mul(t6, t6));
      a7 = f32x4.add(a7, f32x4.mul(t7, t7));
      from += POINTS_PER_LEAF << 2;
    }
    left -= DIMENSIONS_PER_LOOK;
    if (left <= 0) break;
    const lowest = f32x4.min(
      f32x4.min(f32x4.min(a0, a1), f32x4.min(a2, a3)),
      f32x4.min(f32x4.min(a4, a5), f32x4.min(a6, a7)),
    );
    if (!v128.any_true(f32x4.le(lowest, limits))) return 0;
  }
  let mask: u32 = i32x4.bitmask(f32x4.le(a0, limits));
  mask |= (<u32>i32x4.bitmask(f32x4.le(a1, limits))) << 4;
  mask |= (<u32>i32x4.bitmask(f32x4.le(a2, limits))) << 8;
  mask |= (<u32>i32x4.bitmask(f32x4.le(a3, limits))) << 12;
  mask |= (<u32>i32x4.bitmask(f32x4.le(a4, limits))) << 16;
  mask |= (<u32>i32x4.bitmask(f32x4.le(a5, limits))) << 20;
  mask |= (<u32>i32x4.bitmask(f32x4.le(a6, limits))) << 24;
  mask |= (<u32>i32x4.bitmask(f32x4.le(a7, limits))) << 28;
  return mask;
}

function push(at: usize, node: i32, from: i32, to: i32, bound: f32): usize {
  store<i32>(at, node, 0);
  store<i32>(at, from, 4);
  store<i32>(at, to, 8);
  store<f32>(at, bound, 12);
  return at + 16;
}

/**
 * The `k` points nearest to the query buffer, nearest first, into the nearest-distance (squared) and
 * nearest-position buffers. `k` is at most the number of points.
 */
export function searchNearest(k: i32): void {
  let bound: f64 = Infinity;
  let limit: f32 = Infinity;
  for (let i: i32 = 0; i < k; i++) store<f64>(nearestDistances + ((<usize>i) << 3), Infinity);
  const last = nearestDistances + ((<usize>(k - 1)) << 3);

  let top = push(stack, 0, 0, leaves, 0);
  while (top > stack) {
    top -= 16;
    if (load<f32>(top, 12) > limit) continue;
    const node = load<i32>(top, 0);
    const from = load<i32>(top, 4);
    const to = load<i32>(top, 8);
    if (to - from > 1) {
      const mid = (from + to) >> 1;
      const left = node + 1;
      const right = node + ((mid - from) << 1);
      const leftBound = boxDistance(left);
      const rightBound = boxDistance(right);
      if (leftBound <= rightBound) {
        if (rightBound <= limit) top = push(top, right, mid, to, rightBound);
        if (leftBound <= limit) top = push(top, left, from, mid, leftBound);
      } else {
        if (leftBound <= limit) top = push(top, left, from, mid, leftBound);
        if (rightBound <= limit) top = push(top, right, mid, to, rightBound);
      }
      continue;
    }
    const first = from << LEAF_SHIFT;
    let mask = sieveLeaf(from, limit);
    while (mask) {
      const position = first + <i32>ctz(mask);
      mask &= mask - 1;
      if (position >= n) break;
      const distance = exactDistance(position);
      if (distance >= bound) continue;
      let slot = last;
      let slotPosition = nearestPositions + ((<usize>(k - 1)) << 2);
      while (slot > nearestDistances && load<f64>(slot - 8) > distance) {
        store<f64>(slot, load<f64>(slot - 8));
        store<i32>(slotPosition, load<i32>(slotPosition - 4));
        slot -= 8;
        slotPosition -= 4;
      }
      store<f64>(slot, distance);
      store<i32>(slotPosition, position);
      bound = load<f64>(last);
      limit = sieveLimit(bound);
    }
    // k points stand on the query itself: nothing is nearer.
    if (bound == 0) return;
  }
}

/** One bit per point that no cluster has claimed, a word per leaf. */
let remaining: usize = 0;

export function configureClaims(remainingAt: usize): void {
  remaining = remainingAt;
}

/** How many points, the one at `position` among them, lie within the distance of it; counting ends at `enough`. */
export function countWithin(position: i32, squaredDistance: f64, enough: i32): i32 {
  const limit = sieveLimit(squaredDistance);
  loadQuery(position);
  let count: i32 = 0;
  let top = push(stack, 0, 0, leaves, 0);
  while (top > stack) {
    top -= 16;
    const node = load<i32>(top, 0);
    const from = load<i32>(top, 4);
    const to = load<i32>(top, 8);
    if (to - from > 1) {
      top = pushWithin(top, node, from, to, limit);
      continue;
    }
    const first = from << LEAF_SHIFT;
    let mask = sieveLeaf(from, limit);
    while (mask) {
      const other = first + <i32>ctz(mask);
      mask &= mask - 1;
      if (other >= n) break;
      if (exactDistance(other) > squaredDistance) continue;
      count++;
      if (count >= enough) return count;
    }
  }
  return count;
}

/**
 * The points within the distance of the one at `position` that nobody has claimed, into the nearest-position buffer;
 * they are claimed by that. Leaves whose points are all claimed cost one look.
 */
export function claimWithin(position: i32, squaredDistance: f64): i32 {
  const limit = sieveLimit(squaredDistance);
  loadQuery(position);
  let count: i32 = 0;
  let top = push(stack, 0, 0, leaves, 0);
  while (top > stack) {
    top -= 16;
    const node = load<i32>(top, 0);
    const from = load<i32>(top, 4);
    const to = load<i32>(top, 8);
    if (to - from > 1) {
      top = pushWithin(top, node, from, to, limit);
      continue;
    }
    const word = remaining + ((<usize>from) << 2);
    const unclaimed = load<u32>(word);
    if (unclaimed == 0) continue;
    const first = from << LEAF_SHIFT;
    let mask = sieveLeaf(from, limit) & unclaimed;
    let claimed: u32 = 0;
    while (mask) {
      const bit = <i32>ctz(mask);
      mask &= mask - 1;
      if (exactDistance(first + bit) > squaredDistance) continue;
      claimed |= (<u32>1) << bit;
      store<i32>(nearestPositions + ((<usize>count) << 2), first + bit);
      count++;
    }
    store<u32>(word, unclaimed & ~claimed);
  }
  return count;
}

/** Pushes the children that the limit reaches. */
function pushWithin(top: usize, node: i32, from: i32, to: i32, limit: f32): usize {
  const mid = (from + to) >> 1;
  const left = node + 1;
  const right = node + ((mid - from) << 1);
  if (boxDistance(right) <= limit) top = push(top, right, mid, to, 0);
  if (boxDistance(left) <= limit) top = push(top, left, from, mid, 0);
  return top;
}

let neighborsPerPoint: i32 = 0;
let neighbors: usize = 0;
let coreDistances: usize = 0;
let predictionCoreDistances: usize = 0;
let components: usize = 0;
let nodeComponents: usize = 0;
let nodeCores: usize = 0;
let candidates: usize = 0;
let candidateReach: usize = 0;
let candidateDistance: usize = 0;
let boundReach: usize = 0;
let boundDistance: usize = 0;
let bestReach: usize = 0;
let bestDistance: usize = 0;
let work: usize = 0;
let ownReach: usize = 0;
let ownDistance: usize = 0;
let touched: usize = 0;

export function configureSpanningTree(
  neighborCount: i32,
  neighborsAt: usize,
  coreDistancesAt: usize,
  predictionCoreDistancesAt: usize,
  componentsAt: usize,
  nodeComponentsAt: usize,
  nodeCoresAt: usize,
  candidatesAt: usize,
  candidateReachAt: usize,
  candidateDistanceAt: usize,
  boundReachAt: usize,
  boundDistanceAt: usize,
  bestReachAt: usize,
  bestDistanceAt: usize,
  workAt: usize,
  ownReachAt: usize,
  ownDistanceAt: usize,
  touchedAt: usize,
): void {
  neighborsPerPoint = neighborCount;
  neighbors = neighborsAt;
  coreDistances = coreDistancesAt;
  predictionCoreDistances = predictionCoreDistancesAt;
  components = componentsAt;
  nodeComponents = nodeComponentsAt;
  nodeCores = nodeCoresAt;
  candidates = candidatesAt;
  candidateReach = candidateReachAt;
  candidateDistance = candidateDistanceAt;
  boundReach = boundReachAt;
  boundDistance = boundDistanceAt;
  bestReach = bestReachAt;
  bestDistance = bestDistanceAt;
  work = workAt;
  ownReach = ownReachAt;
  ownDistance = ownDistanceAt;
  touched = touchedAt;
}

/** Neighbours (the point among them) and squared core distances of the points [from, to). */
export function measureCores(from: i32, to: i32): void {
  const k = neighborsPerPoint;
  for (let position = from; position < to; position++) {
    loadQuery(position);
    searchNearest(k);
    memory.copy(neighbors + ((<usize>position * <usize>k) << 2), nearestPositions, (<usize>k) << 2);
    const at = (<usize>position) << 3;
    store<f64>(coreDistances + at, load<f64>(nearestDistances + ((<usize>(k - 1)) << 3)));
    store<f64>(predictionCoreDistances + at, load<f64>(nearestDistances + ((<usize>max(k - 2, 0)) << 3)));
  }
}

/**
 * Renews the candidate of every point of [from, to) from its neighbour list, once its old candidate has come
 * into its own component. A neighbour whose core distance is not above the point's own is the very nearest
 * under mutual reachability: nothing can be nearer than the core distance.
 */
export function renewCandidates(from: i32, to: i32): void {
  const k = neighborsPerPoint;
  for (let position = from; position < to; position++) {
    const component = load<i32>(components + ((<usize>position) << 2));
    const held = load<i32>(candidates + ((<usize>position) << 2));
    if (held >= 0 && load<i32>(components + ((<usize>held) << 2)) != component) continue;
    const at = (<usize>position) << 3;
    const core = load<f64>(coreDistances + at);
    let found: i32 = -1;
    let foundReach: f64 = Infinity;
    let settled = false;
    // A bound above the core distance comes from a search of the tree: the list has nothing below it.
    if (load<f64>(boundReach + at) <= core) {
      const list = neighbors + ((<usize>position * <usize>k) << 2);
      for (let i: i32 = 0; i < k; i++) {
        const other = load<i32>(list + ((<usize>i) << 2));
        if (load<i32>(components + ((<usize>other) << 2)) == component) continue;
        const otherCore = load<f64>(coreDistances + ((<usize>other) << 3));
        if (otherCore <= core) {
          found = other;
          foundReach = core;
          settled = true;
          break;
        }
        if (otherCore < foundReach) {
          found = other;
          foundReach = otherCore;
        }
      }
    }
    store<i32>(candidates + ((<usize>position) << 2), found);
    if (found < 0) continue;
    loadQuery(position);
    const distance = exactDistance(found);
    store<f64>(candidateReach + at, foundReach);
    store<f64>(candidateDistance + at, distance);
    if (settled) {
      store<f64>(boundReach + at, foundReach);
      store<f64>(boundDistance + at, distance);
    }
  }
}

/**
 * For the points work[from, to): the nearest point of another component under mutual reachability, equal
 * reach decided by the plain distance. A search gives up at what its component has already, and then leaves
 * that as the point's lower bound. What is learnt stays within the call, so that the answer does not depend
 * on how calls are spread over threads.
 */
export function searchComponents(from: i32, to: i32): void {
  let touchedCount: i32 = 0;
  for (let index = from; index < to; index++) {
    const position = load<i32>(work + ((<usize>index) << 2));
    const component = load<i32>(components + ((<usize>position) << 2));
    const at = (<usize>position) << 3;
    const ofComponent = (<usize>component) << 3;
    let reach = load<f64>(ownReach + ofComponent);
    let apart = load<f64>(ownDistance + ofComponent);
    const knownReach = load<f64>(boundReach + at);
    if (knownReach > reach || (knownReach == reach && load<f64>(boundDistance + at) >= apart)) continue;
    const core = load<f64>(coreDistances + at);
    let found: i32 = -1;
    let limit = sieveLimit(reach > core ? reach : apart);
    loadQuery(position);

    let top = push(stack, 0, 0, leaves, 0);
    while (top > stack) {
      top -= 16;
      if (load<f32>(top, 12) > limit) continue;
      const node = load<i32>(top, 0);
      if (load<f64>(nodeCores + ((<usize>node) << 3)) > reach) continue;
      const fromLeaf = load<i32>(top, 4);
      const toLeaf = load<i32>(top, 8);
      if (toLeaf - fromLeaf > 1) {
        const mid = (fromLeaf + toLeaf) >> 1;
        const left = node + 1;
        const right = node + ((mid - fromLeaf) << 1);
        const leftBound: f32 =
          load<i32>(nodeComponents + ((<usize>left) << 2)) == component ? Infinity : boxDistance(left);
        const rightBound: f32 =
          load<i32>(nodeComponents + ((<usize>right) << 2)) == component ? Infinity : boxDistance(right);
        if (leftBound <= rightBound) {
          if (rightBound <= limit && rightBound < Infinity) top = push(top, right, mid, toLeaf, rightBound);
          if (leftBound <= limit && leftBound < Infinity) top = push(top, left, fromLeaf, mid, leftBound);
        } else {
          if (leftBound <= limit && leftBound < Infinity) top = push(top, left, fromLeaf, mid, leftBound);
          if (rightBound <= limit && rightBound < Infinity) top = push(top, right, mid, toLeaf, rightBound);
        }
        continue;
      }
      const first = fromLeaf << LEAF_SHIFT;
      let mask = sieveLeaf(fromLeaf, limit);
      while (mask) {
        const other = first + <i32>ctz(mask);
        mask &= mask - 1;
        if (other >= n) break;
        if (load<i32>(components + ((<usize>other) << 2)) == component) continue;
        const otherCore = load<f64>(coreDistances + ((<usize>other) << 3));
        if (otherCore > reach) continue;
        const distance = exactDistance(other);
        const otherReach = max(max(distance, otherCore), core);
        if (otherReach < reach || (otherReach == reach && distance < apart)) {
          reach = otherReach;
          apart = distance;
          found = other;
          limit = sieveLimit(reach > core ? reach : apart);
        }
      }
      if (reach == core && apart == 0) break;
    }

    store<f64>(boundReach + at, reach);
    store<f64>(boundDistance + at, apart);
    if (found >= 0) {
      store<i32>(candidates + ((<usize>position) << 2), found);
      store<f64>(candidateReach + at, reach);
      store<f64>(candidateDistance + at, apart);
      store<f64>(ownReach + ofComponent, reach);
      store<f64>(ownDistance + ofComponent, apart);
      store<i32>(touched + ((<usize>touchedCount) << 2), component);
      touchedCount++;
    }
  }
  for (let i: i32 = 0; i < touchedCount; i++) {
    const at = (<usize>load<i32>(touched + ((<usize>i) << 2))) << 3;
    store<f64>(ownReach + at, load<f64>(bestReach + at));
    store<f64>(ownDistance + at, load<f64>(bestDistance + at));
  }
}

/** Starts a round: this instance's component bounds become the round's. */
export function beginRound(): void {
  memory.copy(ownReach, bestReach, (<usize>n) << 3);
  memory.copy(ownDistance, bestDistance, (<usize>n) << 3);
}
