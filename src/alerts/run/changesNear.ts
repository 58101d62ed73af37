import { timestampMs, type AlertGroupDetail, type Timestamp } from '../../contracts';
import type { GraphIndex } from '../graph/graphIndex';

/** Deployments and other changes near the start of a group, as evidence. */
export interface NearbyChange {
  readonly changeId: string;
  readonly kind: string;
  /** As its sender calls it; null when the change names none. */
  readonly service: string | null;
  readonly title: string;
  readonly at: Timestamp;
}

/** A change this long before the first alert may be why. */
const beforeMinutes = 60;
/** Alerts wait for their condition to last; a change told a little late is still near. */
const afterMinutes = 5;
const mostChanges = 20;
const minuteMs = 60_000;

/** Finds the changes near a time at one of some nodes; a change that names no service is near to all. */
export function changesNear(
  changes: readonly NearbyChange[],
  index: GraphIndex,
): (startMs: number, nodes: ReadonlySet<number>) => AlertGroupDetail['changes'] {
  const byName = new Map<string, number>();
  index.graph.nodes.forEach(({ id, name, aliases }, node) => {
    for (const word of [id, name, ...aliases]) {
      const key = word.trim().toLowerCase();
      if (!byName.has(key)) byName.set(key, node);
    }
  });
  const known = changes
    .map((change) => ({
      change,
      atMs: timestampMs(change.at),
      node:
        change.service === null
          ? undefined
          : (index.nodeOf.get(change.service) ?? byName.get(change.service.trim().toLowerCase()) ?? -1),
    }))
    .sort((a, b) => a.atMs - b.atMs || (a.change.changeId < b.change.changeId ? -1 : 1));

  return (startMs, nodes) => {
    const near: AlertGroupDetail['changes'] = [];
    const until = startMs + afterMinutes * minuteMs;
    for (let at = firstAfter(until) - 1; at >= 0 && near.length < mostChanges; at--) {
      const { change, atMs, node } = known[at]!;
      if (atMs < startMs - beforeMinutes * minuteMs) break;
      if (node !== undefined && !nodes.has(node)) continue;
      near.push({
        id: change.changeId,
        kind: change.kind,
        service: node === undefined || node < 0 ? change.service : index.graph.nodes[node]!.id,
        title: change.title,
        at: change.at,
        minutesBefore: Math.round((10 * (startMs - atMs)) / minuteMs) / 10,
      });
    }
    return near;
  };

  function firstAfter(timeMs: number): number {
    let low = 0;
    let high = known.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (known[middle]!.atMs <= timeMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
