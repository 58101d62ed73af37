import type { Adjacency } from './adjacency';

/**
 * For each node the largest k of a part of the graph that it belongs to and in which every node has k neighbours
 * (Batagelj and Zaveršnik 2003): nodes leave in order of their remaining degree, held in buckets.
 * @param adjacency as `undirected` gives it.
 */
export function coreNumbers({ n, offsets, targets }: Adjacency): Int32Array {
  const degree = new Int32Array(n);
  let most = 0;
  for (let node = 0; node < n; node++) {
    degree[node] = offsets[node + 1]! - offsets[node]!;
    most = Math.max(most, degree[node]!);
  }
  const bucket = new Int32Array(most + 2);
  for (const value of degree) bucket[value + 1]!++;
  for (let value = 0; value <= most; value++) bucket[value + 1]! += bucket[value]!;
  const next = bucket.slice();
  const order = new Int32Array(n);
  const position = new Int32Array(n);
  for (let node = 0; node < n; node++) {
    position[node] = next[degree[node]!]!++;
    order[position[node]!] = node;
  }
  for (let at = 0; at < n; at++) {
    const node = order[at]!;
    for (let edge = offsets[node]!; edge < offsets[node + 1]!; edge++) {
      const neighbor = targets[edge]!;
      if (degree[neighbor]! <= degree[node]!) continue;
      // To the front of its bucket, whose border then moves past it.
      const front = Math.max(bucket[degree[neighbor]!]!, at + 1);
      const displaced = order[front]!;
      order[position[neighbor]!] = displaced;
      position[displaced] = position[neighbor]!;
      order[front] = neighbor;
      position[neighbor] = front;
      bucket[degree[neighbor]!] = front + 1;
      degree[neighbor]!--;
    }
  }
  return degree;
}
