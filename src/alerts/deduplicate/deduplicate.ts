import { QuarterdeckError, timestampMs } from '../../contracts';
import type { IndexedGraph, PlacedAlert } from '../consolidate/placement';
import { distancesDownstream } from './distancesDownstream';
import { NearDuplicates } from './nearDuplicates';

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
  const roles = new Roles(alerts);
  const windowMs = windowMinutes * minuteMs;
  const lag = (index: number, other: number): string =>
    `${lagWords(startMs[index]! - startMs[other]!)} ${alerts[other]!.alert.id}`;

  for (const { index, of, why } of repeats()) roles.set(index, of, 'duplicate', `${why}, ${lag(index, of)}`);
  const near = new NearDuplicates({ alerts, group, startMs, graph, windowMs });
  for (const index of order) {
    const found = roles.isPrimary(index) ? near.samePlace(index) : undefined;
    if (found) roles.set(index, found.of, 'duplicate', sameWords(found.similarity, found.of));
  }
  if (causes) nameSymptoms(causes);
  for (const index of order) {
    const found = roles.isPrimary(index) ? near.neighbour(index) : undefined;
    if (found) {
      const where = alerts[found.of]!.alert.service ?? 'a neighbouring service';
      roles.set(
        index,
        found.of,
        'duplicate',
        `${sameWords(found.similarity, found.of)} at ${where}, next to it`,
      );
    }
  }
  roles.followToPrimaries(order);
  return roles.result();

  function sameWords(share: number, other: number): string {
    return `${Math.round(100 * share)} % the same words as ${alerts[other]!.alert.id}`;
  }

  /** Alerts whose condition, or whose name at its service, an earlier one of the group had within the window. */
  function* repeats(): Generator<{ index: number; of: number; why: string }> {
    const runs = new Map<string, { readonly primary: number; latestMs: number }>();
    for (const index of order) {
      const { alert } = alerts[index]!;
      const at = startMs[index]!;
      const lastMs = alert.endsAt === null ? at : Math.max(at, timestampMs(alert.endsAt));
      const going = (key: string): { readonly primary: number; latestMs: number } | undefined => {
        const run = runs.get(key);
        return run !== undefined && at - run.latestMs <= windowMs ? run : undefined;
      };
      const conditionKey = `${group[index]!} condition ${alert.fingerprint}`;
      const nameKey =
        alert.service === null
          ? conditionKey
          : `${group[index]!} name ${JSON.stringify([alert.service, alert.name])}`;
      const sameCondition = going(conditionKey);
      const run = sameCondition ?? going(nameKey);
      if (run) {
        run.latestMs = Math.max(run.latestMs, lastMs);
        const why = sameCondition ? 'the same condition again' : 'the same alert at the same service';
        yield { index, of: run.primary, why };
      }
      const known = run ?? { primary: index, latestMs: lastMs };
      runs.set(conditionKey, known);
      runs.set(nameKey, known);
    }
  }

  /** Of each group the first alert at its cause is what alerts downstream of it stand behind. */
  function nameSymptoms(causeOf: Int32Array): void {
    const first = new Int32Array(groups).fill(-1);
    for (const index of order) {
      const own = group[index]!;
      if (roles.isPrimary(index) && first[own] === -1 && alerts[index]!.node === causeOf[own])
        first[own] = index;
    }
    const distances = distancesDownstream(graph);
    for (const index of order) {
      const own = group[index]!;
      const behind = first[own]!;
      const { node } = alerts[index]!;
      if (!roles.isPrimary(index) || behind === -1 || node < 0 || node === causeOf[own]) continue;
      const steps = distances(causeOf[own]!, node);
      if (steps <= 0 || startMs[index]! < startMs[behind]! - windowMs) continue;
      const name = graph.graph.nodes[node]!.name;
      const cause = graph.graph.nodes[causeOf[own]!]!.name;
      const far = steps === 1 ? '' : ` over ${steps} steps`;
      roles.set(index, behind, 'symptom', `${name} depends on ${cause}${far}; ${lag(index, behind)}`);
    }
  }
}

class Roles {
  private readonly role: AlertRole[];
  private readonly primary: Int32Array;
  private readonly reason: string[];

  constructor(alerts: readonly unknown[]) {
    this.role = Array.from(alerts, (): AlertRole => 'primary');
    this.primary = Int32Array.from(alerts, (_, index) => index);
    this.reason = Array.from(alerts, () => 'the first of its condition in the group');
  }

  isPrimary(index: number): boolean {
    return this.primary[index] === index;
  }

  set(index: number, primary: number, role: AlertRole, reason: string): void {
    this.primary[index] = primary;
    this.role[index] = role;
    this.reason[index] = reason;
  }

  /** What stood behind an alert that then came to stand behind another moves on with it. */
  followToPrimaries(order: Int32Array): void {
    for (const index of order) {
      let at = this.primary[index]!;
      while (this.primary[at] !== at) at = this.primary[at]!;
      this.primary[index] = at;
    }
  }

  result(): Deduplication {
    return { role: this.role, primary: this.primary, reason: this.reason };
  }
}

function compareIds(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

function lagWords(ms: number): string {
  const minutes = Math.round((10 * Math.abs(ms)) / minuteMs) / 10;
  if (minutes === 0) return 'at the same time as';
  return `${minutes} ${minutes === 1 ? 'minute' : 'minutes'} ${ms > 0 ? 'after' : 'before'}`;
}
