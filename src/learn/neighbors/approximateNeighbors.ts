import type { Random } from '../../contracts';
import type { Matrix } from '../matrix';
import { columnMeans } from '../decompose/gram';
import { checkAborted, type RunControl } from '../run';
import { mergeCandidates, noCandidate, type Candidates } from './candidates';
import { spareCandidates } from './exactNeighbors';
import { searchSpace, type Metric, type SearchSpace } from './metric';
import {
  joinNeighbors,
  joinShareTask,
  searchLeaves,
  treeShareTask,
  type JoinShare,
  type TreeShare,
} from './neighborDescent';
import type { NeighborGraph } from './neighborGraph';
import { refineCandidates } from './refine';
import { blockRows } from './scoreBlock';

/** PyNNDescent's number of trees as umap-learn asks for it: more for more rows, never very many. */
const mostTrees = 64;
const leastTrees = 5;
const rootRowsPerTree = 20;
/** Neighbours of a point, of each kind, that are introduced to each other. */
const joinWidth = 24;
/** The descent ends when a round improves fewer than this share of all places. */
const standstillShare = 0.001;

/**
 * Nearest neighbours by NN-descent (Dong, Charikar and Li 2011) from a start of random projection trees, as in
 * PyNNDescent: neighbours of neighbours are likely neighbours. About n log n instead of n² inner products.
 */
export async function approximateNeighbors(
  data: Matrix,
  neighbors: number,
  metric: Metric,
  random: Random,
  control?: RunControl,
): Promise<NeighborGraph> {
  checkAborted(control);
  const { n } = data;
  const space = searchSpace(data, metric, metric === 'euclidean' ? columnMeans(data) : undefined);
  const k = Math.min(neighbors - 1 + spareCandidates, n - 1);
  let lists = await fromTrees(space, k, random, control);
  let known = new Uint8Array(n * k);
  const rounds = Math.max(leastTrees, Math.round(Math.log2(n)));
  for (let round = 0; round < rounds; round++) {
    const { fresh, old, joined } = joinPartners(lists, known, n, k, random.fork(`round ${round}`));
    const shares = sharesOf(n, control).map(([first, last]): JoinShare => {
      return { space, k, lists, first, last, fresh, known: old, width: joinWidth };
    });
    const next = mergeCandidates(await runJoins(shares, control), n, k);
    const { kept, changed } = carryOver(lists, next, joined, n, k);
    lists = next;
    known = kept;
    if (changed < standstillShare * n * k) break;
  }
  return refineCandidates(data, data, metric, lists, { listLength: k, k: neighbors, self: true }, control);
}

async function fromTrees(
  space: SearchSpace,
  k: number,
  random: Random,
  control: RunControl | undefined,
): Promise<Candidates> {
  const trees = Math.min(mostTrees, leastTrees + Math.round(Math.sqrt(space.n) / rootRowsPerTree));
  const draws = random.fork('trees');
  const seeds = Array.from({ length: trees }, () => draws.integer(2 ** 32));
  const threads = control?.threads;
  const shareOf = (own: readonly number[]): TreeShare => ({ space, k, leafSize: blockRows, seeds: own });
  if (!threads) return searchLeaves(shareOf(seeds), control);
  const parts = await Promise.all(
    Array.from({ length: Math.min(threads.size, trees) }, (_, thread) =>
      threads.run(
        treeShareTask,
        shareOf(seeds.filter((_seed, tree) => tree % threads.size === thread)),
        control.signal,
      ),
    ),
  );
  return mergeCandidates(parts, space.n, k);
}

function sharesOf(n: number, control: RunControl | undefined): [number, number][] {
  const count = control?.threads?.size ?? 1;
  return Array.from({ length: count }, (_, i) => [
    Math.floor((i * n) / count),
    Math.floor(((i + 1) * n) / count),
  ]);
}

async function runJoins(
  shares: readonly JoinShare[],
  control: RunControl | undefined,
): Promise<Candidates[]> {
  const threads = control?.threads;
  if (!threads) return [await joinNeighbors(shares[0]!, control)];
  return Promise.all(shares.map((share) => threads.run(joinShareTask, share, control.signal)));
}

interface JoinPartners {
  /** `n × (joinWidth + 1)`, each row led by its count. */
  readonly fresh: Int32Array;
  readonly old: Int32Array;
  /** Places of the lists whose candidates take part as fresh ones, and are known afterwards. */
  readonly joined: Uint8Array;
}

/**
 * Draws for every point the neighbours, of either direction, that are introduced to each other: a random sample
 * where there are more than fit.
 */
function joinPartners(
  { indices }: Candidates,
  known: Uint8Array,
  n: number,
  k: number,
  random: Random,
): JoinPartners {
  const width = joinWidth + 1;
  const shared = (): Int32Array => new Int32Array(new SharedArrayBuffer(n * width * 4));
  const fresh = shared();
  const old = shared();
  const offered = [new Int32Array(n), new Int32Array(n)] as const;
  // Reservoir sampling: each of the offered has the same chance to stay.
  const offer = (kind: 0 | 1, point: number, partner: number): void => {
    const target = kind === 0 ? fresh : old;
    const start = point * width;
    const seen = offered[kind][point]!++;
    if (seen < joinWidth) {
      target[start + 1 + seen] = partner;
      target[start] = seen + 1;
      return;
    }
    const place = random.integer(seen + 1);
    if (place < joinWidth) target[start + 1 + place] = partner;
  };
  for (let row = 0; row < n; row++) {
    for (let at = row * k; at < (row + 1) * k; at++) {
      const other = indices[at]!;
      if (other === noCandidate) break;
      const kind = known[at] ? 1 : 0;
      offer(kind, row, other);
      offer(kind, other, row);
    }
  }
  const joined = known.slice();
  for (let row = 0; row < n; row++) {
    const start = row * width;
    const drawn = new Set(fresh.subarray(start + 1, start + 1 + fresh[start]!));
    for (let at = row * k; at < (row + 1) * k; at++) {
      if (!known[at] && drawn.has(indices[at]!)) joined[at] = 1;
    }
  }
  return { fresh, old, joined };
}

/** Which candidates of the next lists were known before, and how many were not in the lists at all. */
function carryOver(
  before: Candidates,
  after: Candidates,
  joined: Uint8Array,
  n: number,
  k: number,
): { kept: Uint8Array<ArrayBuffer>; changed: number } {
  const kept = new Uint8Array(n * k);
  let changed = 0;
  for (let row = 0; row < n; row++) {
    let old = row * k;
    for (let at = row * k; at < (row + 1) * k; at++) {
      // Both lists are ordered alike, and what stayed has kept its score.
      while (
        old < (row + 1) * k &&
        before.indices[old] !== after.indices[at] &&
        precedes(before, old, after, at)
      ) {
        old++;
      }
      if (old < (row + 1) * k && before.indices[old] === after.indices[at]) kept[at] = joined[old++]!;
      else changed++;
    }
  }
  return { kept, changed };
}

function precedes(left: Candidates, l: number, right: Candidates, r: number): boolean {
  const leftScore = left.scores[l]!;
  const rightScore = right.scores[r]!;
  return leftScore > rightScore || (leftScore === rightScore && left.indices[l]! < right.indices[r]!);
}
