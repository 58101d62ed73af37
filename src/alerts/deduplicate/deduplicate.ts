import { QuarterdeckError, timestampMs } from '../../contracts';
import type { IndexedGraph, PlacedAlert } from '../consolidate/placement';
import { distancesDownstream } from './distancesDownstream';
import { nearDuplicates } from './nearDuplicates';

export type AlertRole = 'primary' | 'duplicate' | 'symptom';

export interface Deduplication {
  /** Per alert. */
  readonly role: AlertRole[];
  /** Per alert: index of the alert it stands behind; itself for a primary. */
  readonly primary: Int32Array;
  /** Per alert: why, in words. */
  readonly reason: string[];
}

export interface DeduplicateOptions {
  readonly windowMinutes: number;
  /** Per group: node of its cause, −1 when there is none. Without it no alert is called a symptom. */
  readonly causes?: Int32Array | undefined;
}

/** Grouped alerts, as far as this step reads them. */
export interface GroupedAlerts {
  readonly group: Int32Array;
  readonly groups: number;
}

const minuteMs = 60_000;

/**
 * Says of every alert in a group whether it is looked at for itself, repeats another, or follows from the group's
 * cause. A repeat has the fingerprint, or the service and name, of an alert at most a window earlier (or still
 * lasting), or nearly the same words at the same or a neighbouring service. A symptom is downstream of the cause and
 * did not begin long before it. No chains: what an alert stands behind is a primary. Time grows with n log n.
 * @throws PARAMETER_INVALID unless windowMinutes is above 0.
 */
export function deduplicate(
  alerts: readonly PlacedAlert[],
  { group, groups }: GroupedAlerts,
  graph: IndexedGraph,
  { windowMinutes, causes }: DeduplicateOptions,
): Deduplication {
  if (!(windowMinutes > 0)) {
    throw new QuarterdeckError('PARAMETER_INVALID', `windowMinutes is ${windowMinutes}, expected above 0`, {
      culprit: { option: 'windowMinutes' },
    });
  }
  const startMs = Float64Array.from(alerts, ({ alert }) => timestampMs(alert.startsAt));
  const order = Int32Array.from(alerts, (_, index) => index).sort(
    (a, b) => startMs[a]! - startMs[b]! || compareIds(alerts[a]!.alert, alerts[b]!.alert),
  );
  const primary = Int32Array.from(alerts, (_, index) => index);
  const reason = Array.from(alerts, () => 'the first of its condition in the group');
  const role = Array.from(alerts, (): AlertRole => 'primary');
  const windowMs = windowMinutes * minuteMs;
  const standBehind = (index: number, other: number, as: AlertRole, why: string): void => {
    primary[index] = other;
    role[index] = as;
    reason[index] = why;
  };

  const runs = new Map<string, { readonly primary: number; latestMs: number }>();
  const firsts: number[] = [];
  for (const index of order) {
    const { alert } = alerts[index]!;
    const at = startMs[index]!;
    const lastMs = alert.endsAt === null ? at : Math.max(at, timestampMs(alert.endsAt));
    const byFingerprint = `${group[index]!} f ${alert.fingerprint}`;
    const byName =
      alert.service === null
        ? undefined
        : `${group[index]!} n ${JSON.stringify([alert.service, alert.name])}`;
    const sameCondition = goingOn(runs.get(byFingerprint), at, windowMs);
    const sameName = byName === undefined ? undefined : goingOn(runs.get(byName), at, windowMs);
    const run = sameCondition ?? sameName;
    if (run) {
      run.latestMs = Math.max(run.latestMs, lastMs);
      const lag = lagWords(at - startMs[run.primary]!);
      const why = sameCondition ? 'the same condition again' : 'the same alert at the same service';
      standBehind(index, run.primary, 'duplicate', `${why}, ${lag} ${alerts[run.primary]!.alert.id}`);
    } else {
      firsts.push(index);
    }
    const known = run ?? { primary: index, latestMs: lastMs };
    runs.set(byFingerprint, known);
    if (byName !== undefined) runs.set(byName, known);
  }

  const alike = nearDuplicates({ firsts, alerts, group, startMs, graph, windowMs });
  for (const { index, of, similarity, place } of alike) {
    const share = Math.round(100 * similarity);
    standBehind(index, of, 'duplicate', `${share} % the same words as ${alerts[of]!.alert.id} ${place}`);
  }
  if (causes) nameSymptoms(causes);
  // What stood behind an alert that now stands behind another moves on with it.
  for (const index of order) {
    const other = primary[index]!;
    if (role[index] === 'duplicate' && primary[other] !== other) primary[index] = primary[other]!;
  }
  return { role, primary, reason };

  function nameSymptoms(causeOf: Int32Array): void {
    const causePrimary = new Int32Array(groups).fill(-1);
    for (const index of firsts) {
      const own = group[index]!;
      if (role[index] === 'primary' && causePrimary[own] === -1 && alerts[index]!.node === causeOf[own]) {
        causePrimary[own] = index;
      }
    }
    const distances = distancesDownstream(graph);
    for (const index of firsts) {
      const own = group[index]!;
      const behind = causePrimary[own]!;
      const { node } = alerts[index]!;
      if (role[index] !== 'primary' || behind === -1 || node < 0 || node === causeOf[own]) continue;
      const steps = distances(causeOf[own]!, node);
      if (steps <= 0 || startMs[index]! < startMs[behind]! - windowMs) continue;
      const name = graph.graph.nodes[node]!.name;
      const cause = graph.graph.nodes[causeOf[own]!]!.name;
      const lag = lagWords(startMs[index]! - startMs[behind]!);
      const far = steps === 1 ? '' : ` over ${steps} steps`;
      standBehind(
        index,
        behind,
        'symptom',
        `${name} depends on ${cause}${far}; ${lag} ${alerts[behind]!.alert.id}`,
      );
    }
  }
}

function goingOn<T extends { readonly latestMs: number }>(
  run: T | undefined,
  atMs: number,
  windowMs: number,
): T | undefined {
  return run !== undefined && atMs - run.latestMs <= windowMs ? run : undefined;
}

function compareIds(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

function lagWords(ms: number): string {
  const minutes = Math.round((10 * Math.abs(ms)) / minuteMs) / 10;
  if (minutes === 0) return 'at the same time as';
  return `${minutes} ${minutes === 1 ? 'minute' : 'minutes'} ${ms > 0 ? 'after' : 'before'}`;
}
