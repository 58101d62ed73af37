import type { KernelMemory } from '../kernels';

/** For every row the `k` best scores found so far, descending, equal ones by index; unused places hold −∞. */
export interface Candidates {
  readonly scores: Float32Array;
  readonly indices: Int32Array;
}

/** Index of an unused place of a list; larger than any row, so that it is the last among equals. */
export const noCandidate = 0x7fffffff;

/** Candidate lists in a kernel's memory. */
export class CandidateLists {
  readonly scoresAt: number;
  readonly indicesAt: number;
  private readonly length: number;

  constructor(
    private readonly memory: KernelMemory,
    n: number,
    k: number,
    initial?: Candidates,
  ) {
    this.length = n * k;
    this.scoresAt = memory.allocate(this.length * 4);
    this.indicesAt = memory.allocate(this.length * 4);
    const scores = memory.float32(this.scoresAt, this.length);
    const indices = memory.int32(this.indicesAt, this.length);
    if (initial) {
      scores.set(initial.scores);
      indices.set(initial.indices);
    } else {
      scores.fill(-Infinity);
      indices.fill(noCandidate);
    }
  }

  /** A copy in shared memory, which travels between threads without another. */
  read(): Candidates {
    const scores = new Float32Array(new SharedArrayBuffer(this.length * 4));
    const indices = new Int32Array(new SharedArrayBuffer(this.length * 4));
    scores.set(this.memory.float32(this.scoresAt, this.length));
    indices.set(this.memory.int32(this.indicesAt, this.length));
    return { scores, indices };
  }
}

/** The best `k` of each row among several lists, each candidate once. */
export function mergeCandidates(lists: readonly Candidates[], n: number, k: number): Candidates {
  const [first, ...others] = lists;
  if (others.length === 0) return first!;
  let merged = first!;
  for (const other of others) merged = mergeTwo(merged, other, n, k);
  return merged;
}

function mergeTwo(left: Candidates, right: Candidates, n: number, k: number): Candidates {
  const scores = new Float32Array(new SharedArrayBuffer(n * k * 4));
  const indices = new Int32Array(new SharedArrayBuffer(n * k * 4));
  for (let row = 0; row < n; row++) {
    const start = row * k;
    let l = start;
    let r = start;
    for (let at = start; at < start + k; at++) {
      const leftScore = left.scores[l]!;
      const rightScore = right.scores[r]!;
      const leftIndex = left.indices[l]!;
      const rightIndex = right.indices[r]!;
      const same = leftScore === rightScore && leftIndex === rightIndex;
      if (same || leftScore > rightScore || (leftScore === rightScore && leftIndex < rightIndex)) {
        scores[at] = leftScore;
        indices[at] = leftIndex;
        l++;
        if (same) r++;
      } else {
        scores[at] = rightScore;
        indices[at] = rightIndex;
        r++;
      }
    }
  }
  return { scores, indices };
}
