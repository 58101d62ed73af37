import type { Adjacency } from './adjacency';
import { strongComponents, type StrongComponents } from './strongComponents';

/** Components whose reach is held at once, as bits: 4,096 keep half a kilobyte a component. */
const blockSize = 4096;
const bitsPerWord = 32;

/**
 * The sum of `values` over the other nodes that each node reaches along edges: with 1 for each, how many descendants
 * it has (on the reversed adjacency, ancestors). Reach is joined from component to component in bit sets, a block of
 * targets at a time, so that memory grows with the nodes and not with their square.
 */
export function reachableSums(
  adjacency: Adjacency,
  values: ArrayLike<number>,
  components: StrongComponents = strongComponents(adjacency),
): Float64Array {
  const { offsets, targets } = adjacency;
  const { count, component } = components;
  const weight = new Float64Array(count);
  component.forEach((number, node) => (weight[number]! += values[node]!));
  const membersOf = memberLists(components);
  const reached = new Float64Array(count);
  for (let start = 0; start < count; start += blockSize) {
    const width = Math.min(blockSize, count - start);
    const words = Math.ceil(width / bitsPerWord);
    const bits = new Int32Array(count * words);
    const blockWeight = weight.subarray(start, start + width);
    const sums = wordSums(blockWeight);
    // Lower numbers are complete before what points at them.
    for (let number = start; number < count; number++) {
      const own = number * words;
      if (number < start + width) bits[own + ((number - start) >>> 5)]! |= 1 << ((number - start) & 31);
      for (const node of membersOf(number)) {
        for (let edge = offsets[node]!; edge < offsets[node + 1]!; edge++) {
          const other = component[targets[edge]!]!;
          if (other === number || other < start) continue;
          for (let word = 0; word < words; word++) bits[own + word]! |= bits[other * words + word]!;
        }
      }
      reached[number]! += sumOfBits(bits, own, words, blockWeight, sums);
    }
  }
  return Float64Array.from(component, (number, node) => reached[number]! - values[node]!);
}

export function reachableCounts(adjacency: Adjacency, components?: StrongComponents): Float64Array {
  return reachableSums(adjacency, new Uint8Array(adjacency.n).fill(1), components);
}

/** Sums of `weight` by words of bits: most words of a long reach are full. */
function wordSums(weight: Float64Array): Float64Array {
  const sums = new Float64Array(Math.ceil(weight.length / bitsPerWord));
  weight.forEach((value, bit) => (sums[bit >>> 5]! += value));
  return sums;
}

function sumOfBits(
  bits: Int32Array,
  from: number,
  words: number,
  weight: Float64Array,
  sums: Float64Array,
): number {
  let sum = 0;
  for (let word = 0; word < words; word++) {
    let left = bits[from + word]!;
    if (left === -1) {
      sum += sums[word]!;
      continue;
    }
    while (left !== 0) {
      sum += weight[word * bitsPerWord + 31 - Math.clz32(left & -left)]!;
      left &= left - 1;
    }
  }
  return sum;
}

function memberLists({ count, component }: StrongComponents): (number: number) => Int32Array {
  const first = new Int32Array(count + 1);
  for (const number of component) first[number + 1]!++;
  for (let number = 0; number < count; number++) first[number + 1]! += first[number]!;
  const next = first.slice();
  const nodes = new Int32Array(component.length);
  component.forEach((number, node) => (nodes[next[number]!++] = node));
  return (number) => nodes.subarray(first[number], first[number + 1]);
}
