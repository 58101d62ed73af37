import type { Adjacency } from './adjacency';
import { strongComponents, type StrongComponents } from './strongComponents';

/** Components whose reach is held at once, as bits: 4,096 keep half a kilobyte a component. */
const blockSize = 4096;
const bitsPerWord = 32;

/**
 * How many other nodes each node reaches along edges, its descendants (its ancestors on the reversed adjacency).
 * Reach is joined from component to component in bit sets, a block of targets at a time, so that memory grows
 * with the nodes and not with their square.
 */
export function reachableCounts(
  adjacency: Adjacency,
  components: StrongComponents = strongComponents(adjacency),
): Int32Array {
  const { n, offsets, targets } = adjacency;
  const { count, component } = components;
  const size = new Int32Array(count);
  for (const number of component) size[number]!++;
  const members = membersOf(n, components);
  const reached = new Int32Array(count);
  for (let start = 0; start < count; start += blockSize) {
    const width = Math.min(blockSize, count - start);
    const words = Math.ceil(width / bitsPerWord);
    const bits = new Uint32Array(count * words);
    // Lower numbers are complete before what points at them.
    for (let number = start; number < count; number++) {
      const own = number * words;
      if (number < start + width) setBit(bits, own, number - start);
      for (const node of members.of(number)) {
        for (let edge = offsets[node]!; edge < offsets[node + 1]!; edge++) {
          const other = component[targets[edge]!]!;
          if (other === number || other < start) continue;
          for (let word = 0; word < words; word++) bits[own + word]! |= bits[other * words + word]!;
        }
      }
      reached[number]! += weightOfBits(bits, own, words, size, start);
    }
  }
  return Int32Array.from(component, (number) => reached[number]! - 1);
}

function setBit(bits: Uint32Array, offset: number, bit: number): void {
  bits[offset + (bit >>> 5)]! |= 1 << (bit & 31);
}

/** Nodes in the components whose bits are set. */
function weightOfBits(
  bits: Uint32Array,
  offset: number,
  words: number,
  size: Int32Array,
  start: number,
): number {
  let sum = 0;
  for (let word = 0; word < words; word++) {
    let left = bits[offset + word]!;
    while (left !== 0) {
      const bit = 31 - Math.clz32(left & -left);
      sum += size[start + word * bitsPerWord + bit]!;
      left &= left - 1;
    }
  }
  return sum;
}

function membersOf(n: number, { count, component }: StrongComponents): { of(number: number): Int32Array } {
  const first = new Int32Array(count + 1);
  for (const number of component) first[number + 1]!++;
  for (let number = 0; number < count; number++) first[number + 1]! += first[number]!;
  const next = first.slice();
  const nodes = new Int32Array(n);
  for (let node = 0; node < n; node++) nodes[next[component[node]!]!++] = node;
  return { of: (number) => nodes.subarray(first[number], first[number + 1]) };
}
