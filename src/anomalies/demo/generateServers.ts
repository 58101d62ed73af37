import { seededRandom, timestampMs, toTimestamp, type Timestamp } from '../../contracts';
import type { Matrix } from '../../learn/matrix';
import { faultKinds, type FaultKind, type FaultKindName } from './faultKinds';
import { minutesPerWeek, planFaults, strengthAt, visibleStrength, type PlannedFault } from './planFaults';
import { serverMetrics, type ServerMetric } from './serverMetrics';
import { serverSeries } from './serverSeries';

/**
 * Servers with planted faults, for the demo, for tests and to measure on: seasons over day and week, drift, noise
 * with heavy tails, backups, releases, bursts, probes that misread and agents that fall silent, and twelve kinds of
 * fault that come back. The same options give the same bytes.
 */
export interface FleetOptions {
  readonly seed: number;
  readonly servers?: number;
  /** Length of the history; fractions are taken. */
  readonly weeks?: number;
  /** First minute. */
  readonly startAt?: Timestamp;
  /** About how many faults a server has in a week; every kind comes at least twice whatever this says. */
  readonly faultsPerServerWeek?: number;
}

export const fleetDefaults = {
  servers: 40,
  weeks: 4,
  startAt: toTimestamp('2026-06-01T00:00:00Z'),
  faultsPerServerWeek: 1,
} as const;

export interface GeneratedServer {
  readonly instance: string;
  /** Minutes since 1970 of the first row. */
  readonly startMinute: number;
  /** Consecutive minutes × metrics; NaN where nothing was reported. */
  readonly values: Matrix;
  /** 1 in the minutes in which a fault is visible. */
  readonly labels: Uint8Array;
  readonly plan: readonly PlannedFault[];
}

export interface GeneratedFault {
  readonly instance: string;
  readonly kind: FaultKindName;
  /** Where it is visible, as minutes since 1970; `toMinute` is not included. */
  readonly fromMinute: number;
  readonly toMinute: number;
  readonly metrics: readonly string[];
}

export interface GeneratedFleet {
  readonly seed: number;
  readonly metrics: readonly ServerMetric[];
  readonly servers: readonly GeneratedServer[];
  /** In the order of their beginning. */
  readonly faults: readonly GeneratedFault[];
}

export function generateServers(options: FleetOptions): GeneratedFleet {
  const { seed, servers, weeks, startAt, faultsPerServerWeek } = { ...fleetDefaults, ...options };
  const random = seededRandom(seed);
  const minutes = Math.round(weeks * minutesPerWeek);
  const startMinute = Math.floor(timestampMs(startAt) / 60_000);
  const plan = planFaults({ servers, minutes, faultsPerServerWeek }, random.fork('faults'));
  const digits = String(servers).length;
  const generated = Array.from({ length: servers }, (_, server): GeneratedServer => {
    const own = plan.filter((fault) => fault.server === server);
    const series = serverSeries(startMinute, minutes, own, random.fork(`server ${server}`));
    const instance = `server-${String(server + 1).padStart(Math.max(2, digits), '0')}`;
    return { instance, startMinute, ...series, plan: own };
  });
  const kinds = new Map<string, FaultKind>(faultKinds.map((kind) => [kind.name, kind]));
  const faults = plan.map((fault): GeneratedFault => {
    const visible: number[] = [];
    for (let minute = fault.beginMinute; minute < fault.endMinute; minute++) {
      if (strengthAt(fault, minute) >= visibleStrength) visible.push(startMinute + minute);
    }
    return {
      instance: generated[fault.server]!.instance,
      kind: fault.kind,
      fromMinute: visible[0]!,
      toMinute: visible.at(-1)! + 1,
      metrics: kinds.get(fault.kind)!.metrics,
    };
  });
  return { seed, metrics: serverMetrics, servers: generated, faults };
}
