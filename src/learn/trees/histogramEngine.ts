import {
  argumentsOf,
  jobRecord,
  phaseArguments,
  phases,
  recordCount,
  splitRecord,
  type BoostingWork,
} from './boostingUnits';
import { columnsPerGroup, recordWords, resultBytes, rowsPerBlock } from './boostingLayout';
import type { Division, OpenNode, Split, SplitEngine } from './growTree';

/** Opens a phase and comes back when all its units are done. */
export type Phase = (kind: number, units: number) => Promise<void>;

/** Where the rows and the histograms of a node are. */
interface Stretch {
  readonly buffer: 0 | 1;
  readonly begin: number;
  readonly count: number;
  /** The node's kept histograms; none when −1. */
  slot: number;
  /** The other child of the same parent. */
  readonly sibling: number | undefined;
  /** Where the parent's histograms still are; −1 when they were not kept. */
  parentSlot: number;
}

/**
 * Finds splits and moves rows by phases over the shared memory. Of two siblings the smaller is added up from its
 * rows and the larger is what the parent has left, as long as there are slots to keep parents in.
 */
export function histogramEngine(
  work: BoostingWork,
  phase: Phase,
  columns: Int32Array,
  drawn: number,
): SplitEngine {
  const { memory, layout } = work;
  const records = new Int32Array(memory.buffer, layout.records, recordWords * recordCount(layout));
  const cells = argumentsOf(work);
  const nodes = new Float64Array(memory.buffer, layout.nodes, layout.nodesAtOnce * 4);
  const results = new DataView(memory.buffer, layout.results);
  const stretches = new Map<number, Stretch>([
    [0, { buffer: 0, begin: 0, count: drawn, slot: -1, sibling: undefined, parentSlot: -1 }],
  ]);
  const freeSlots = Array.from({ length: layout.slots }, (_, slot) => layout.slots - 1 - slot);
  new Int32Array(memory.buffer, layout.treeColumns, columns.length).set(columns);
  cells[phaseArguments.columns] = columns.length;

  const addJob = (
    job: number,
    node: number,
    stretch: Stretch,
    siblingNode: number,
    siblingSlot: number,
  ): void => {
    stretch.slot = freeSlots.pop() ?? -1;
    const at = job * recordWords;
    records[at + jobRecord.buffer] = stretch.buffer;
    records[at + jobRecord.begin] = stretch.begin;
    records[at + jobRecord.count] = stretch.count;
    records[at + jobRecord.slot] = stretch.slot;
    records[at + jobRecord.siblingSlot] = siblingSlot;
    records[at + jobRecord.node] = node;
    records[at + jobRecord.siblingNode] = siblingNode;
  };

  /** Searches at most `nodesAtOnce` nodes, siblings one after the other. */
  const search = async (batch: readonly OpenNode[]): Promise<void> => {
    let jobs = 0;
    for (let index = 0; index < batch.length; index++) {
      const stretch = stretches.get(batch[index]!.id)!;
      const next = batch[index + 1];
      if (next && stretch.sibling === next.id && stretch.parentSlot >= 0) {
        const other = stretches.get(next.id)!;
        const [small, large, smallNode, largeNode] =
          stretch.count <= other.count
            ? [stretch, other, index, index + 1]
            : [other, stretch, index + 1, index];
        large.slot = stretch.parentSlot;
        addJob(jobs++, smallNode, small, largeNode, stretch.parentSlot);
        index++;
      } else {
        addJob(jobs++, index, stretch, -1, -1);
      }
    }
    batch.forEach(({ sum, bounds }, index) => {
      nodes[4 * index] = sum.gradient;
      nodes[4 * index + 1] = sum.hessian;
      nodes[4 * index + 2] = bounds.lower;
      nodes[4 * index + 3] = bounds.upper;
    });
    cells[phaseArguments.jobs] = jobs;
    await phase(phases.search, Math.ceil(columns.length / columnsPerGroup));
  };

  const bestOf = (node: OpenNode, index: number, allowed: Int32Array): Split | undefined => {
    let best: Split | undefined;
    let next = 0;
    for (let place = 0; place < columns.length && next < allowed.length; place++) {
      const feature = columns[place]!;
      if (allowed[next] !== feature) continue;
      next++;
      const at = (index * layout.slotColumns + place) * resultBytes;
      const gain = results.getFloat64(at, true);
      if (!(gain > (best?.gain ?? 0))) continue;
      const gradient = results.getFloat64(at + 8, true);
      const hessian = results.getFloat64(at + 16, true);
      best = {
        feature,
        code: results.getInt32(at + 24, true),
        defaultLeft: results.getInt32(at + 28, true) === 1,
        gain,
        left: { gradient, hessian },
        right: { gradient: node.sum.gradient - gradient, hessian: node.sum.hessian - hessian },
      };
    }
    return best;
  };

  const release = (stretch: Stretch): void => {
    if (stretch.slot >= 0) freeSlots.push(stretch.slot);
    stretch.slot = -1;
  };

  /** Blocks of the divisions from `first` on that fit the records; the division after the last one. */
  const divideSome = async (divisions: readonly Division[], first: number): Promise<number> => {
    let units = 0;
    let end = first;
    const room = records.length / recordWords;
    for (; end < divisions.length; end++) {
      const { node, split } = divisions[end]!;
      const { buffer, begin, count } = stretches.get(node.id)!;
      if (units > 0 && units + Math.ceil(count / rowsPerBlock) > room) break;
      for (let from = 0; from < count; from += rowsPerBlock) {
        const at = units++ * recordWords;
        records[at + splitRecord.buffer] = buffer;
        records[at + splitRecord.begin] = begin + from;
        records[at + splitRecord.count] = Math.min(rowsPerBlock, count - from);
        records[at + splitRecord.codes] = layout.codes + split.feature * layout.n;
        records[at + splitRecord.shift] = split.defaultLeft ? 1 : 0;
        records[at + splitRecord.limit] = split.code + (split.defaultLeft ? 1 : 0);
      }
    }
    await phase(phases.mark, units);
    let unit = 0;
    for (const division of divisions.slice(first, end)) unit = place(division, unit);
    await phase(phases.move, units);
    return end;
  };

  /** Says where each block's rows go, lefts before rights, and makes the children. */
  const place = ({ node, left, right }: Division, firstUnit: number): number => {
    const parent = stretches.get(node.id)!;
    const end = firstUnit + Math.ceil(parent.count / rowsPerBlock);
    let lefts = 0;
    for (let unit = firstUnit; unit < end; unit++) lefts += records[unit * recordWords + splitRecord.lefts]!;
    let leftTo = parent.begin;
    let rightTo = parent.begin + lefts;
    for (let unit = firstUnit; unit < end; unit++) {
      const at = unit * recordWords;
      records[at + splitRecord.leftTo] = leftTo;
      records[at + splitRecord.rightTo] = rightTo;
      leftTo += records[at + splitRecord.lefts]!;
      rightTo += records[at + splitRecord.count]! - records[at + splitRecord.lefts]!;
    }
    const buffer = parent.buffer === 0 ? 1 : 0;
    const shared = { buffer, slot: -1, parentSlot: parent.slot } as const;
    stretches.set(left, { ...shared, begin: parent.begin, count: lefts, sibling: right });
    stretches.set(right, {
      ...shared,
      begin: parent.begin + lefts,
      count: parent.count - lefts,
      sibling: left,
    });
    stretches.delete(node.id);
    return end;
  };

  return {
    async findSplits(open, columnsOf) {
      const splits: (Split | undefined)[] = [];
      for (let first = 0; first < open.length; first += layout.nodesAtOnce) {
        const batch = open.slice(first, first + layout.nodesAtOnce);
        await search(batch);
        batch.forEach((node, index) => {
          const split = bestOf(node, index, columnsOf(node));
          if (!split) release(stretches.get(node.id)!);
          splits.push(split);
        });
      }
      return splits;
    },
    async divide(divisions) {
      for (let first = 0; first < divisions.length;) first = await divideSome(divisions, first);
    },
  };
}
