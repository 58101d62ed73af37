import { createHash } from 'node:crypto';

/**
 * Names of groups that last from run to run. A group keeps the name of the earlier group that most of its alerts come
 * from, as long as that brings at least half of what is left of itself; of several that could keep a name, the one
 * with most of its alerts does. Any other group is named after its earliest alert, so the same alerts without a past
 * always get the same name.
 */
export interface GroupIdentities {
  /** Per group. */
  readonly ids: readonly string[];
  /** Earlier groups that lost their name, each with the group that most of their alerts are in now. */
  readonly superseded: ReadonlyMap<string, string>;
}

export interface IdentityInput {
  /** Per alert; −1 for one in no group. */
  readonly group: Int32Array;
  readonly groups: number;
  readonly alertIds: readonly string[];
  /** Per alert, milliseconds. */
  readonly startMs: Float64Array;
  /** From alert id to the group of the earlier run. */
  readonly previous: ReadonlyMap<string, string>;
}

const idDigits = 12;

export function groupIdentities(input: IdentityInput): GroupIdentities {
  const { group, groups, alertIds, previous } = input;
  const overlaps = Array.from({ length: groups }, () => new Map<string, number>());
  const left = new Map<string, number>();
  for (let alert = 0; alert < group.length; alert++) {
    const own = group[alert]!;
    const earlier = previous.size === 0 ? undefined : previous.get(alertIds[alert]!);
    if (own < 0 || earlier === undefined) continue;
    overlaps[own]!.set(earlier, (overlaps[own]!.get(earlier) ?? 0) + 1);
    left.set(earlier, (left.get(earlier) ?? 0) + 1);
  }

  const claims = overlaps.flatMap((shared, own) =>
    [...shared].map(([earlier, alerts]) => ({ own, earlier, alerts })),
  );
  claims.sort((a, b) => b.alerts - a.alerts || a.own - b.own || (a.earlier < b.earlier ? -1 : 1));
  const ids = Array.from({ length: groups }, () => '');
  const kept = new Set<string>();
  for (const { own, earlier, alerts } of claims) {
    if (ids[own] !== '' || kept.has(earlier) || 2 * alerts < left.get(earlier)!) continue;
    ids[own] = earlier;
    kept.add(earlier);
  }

  const taken = new Set([...left.keys(), ...kept]);
  const firsts = firstAlerts(input);
  for (let own = 0; own < groups; own++) {
    if (ids[own] === '') taken.add((ids[own] = freshId(alertIds[firsts[own]!]!, taken)));
  }

  const superseded = new Map<string, string>();
  for (const { own, earlier } of claims) {
    if (!kept.has(earlier) && !superseded.has(earlier)) superseded.set(earlier, ids[own]!);
  }
  return { ids, superseded };
}

/** The earliest alert of each group; of equals, the one with the lowest id. */
function firstAlerts({ group, groups, alertIds, startMs }: IdentityInput): Int32Array {
  const firsts = new Int32Array(groups).fill(-1);
  for (let alert = 0; alert < group.length; alert++) {
    const own = group[alert]!;
    if (own < 0) continue;
    const first = firsts[own]!;
    const earlier =
      first < 0 ||
      startMs[alert]! < startMs[first]! ||
      (startMs[alert] === startMs[first] && alertIds[alert]! < alertIds[first]!);
    if (earlier) firsts[own] = alert;
  }
  return firsts;
}

function freshId(alertId: string, taken: ReadonlySet<string>): string {
  for (let attempt = 0; ; attempt++) {
    const digest = createHash('sha256').update(`${alertId}\u0000${attempt}`).digest();
    const id = `g-${digest.readBigUInt64BE().toString(36).padStart(idDigits, '0').slice(-idDigits)}`;
    if (!taken.has(id)) return id;
  }
}
