import type { LogLevel } from '../../contracts';
import type { ServerMetricName, ServerState } from './serverMetrics';

/**
 * Twelve ways in which a server fails. A fault moves several metrics at once by amounts that each of them also
 * reaches in ordinary operation (a backup fills the disk's queue, a burst fills the processor): what tells it is
 * which metrics move together, and how far from what the load would explain.
 */
export interface FaultKind {
  readonly name: string;
  /** What it moves, most telling first. */
  readonly metrics: readonly ServerMetricName[];
  /** Minutes from the first effect to full strength, shortest and longest. */
  readonly onsetMinutes: readonly [number, number];
  readonly durationMinutes: readonly [number, number];
  /** Changes the state by `strength`: 0 is nothing, 1 a fault of ordinary severity. */
  apply(state: ServerState, strength: number): void;
  readonly logLevel: LogLevel;
  /** `#` is a number that differs from line to line. */
  readonly logMessages: readonly string[];
}

/** Toward `target` by a share that grows with strength and never passes it. */
const toward = (value: number, target: number, strength: number): number =>
  value + (target - value) * (1 - Math.exp(-1.6 * strength));

const scaled = (value: number, factor: number, strength: number): number => value * factor ** strength;

export const faultKinds = [
  {
    name: 'memory-leak',
    metrics: ['memory_percent', 'gc_pause_ms', 'swap_percent', 'latency_p95_ms'],
    onsetMinutes: [8, 20],
    durationMinutes: [60, 150],
    apply(state, strength) {
      state.memory_percent = toward(state.memory_percent, 97, strength);
      state.gc_pause_ms = scaled(state.gc_pause_ms, 3.2, strength);
      state.swap_percent += 12 * strength;
      state.latency_p95_ms = scaled(state.latency_p95_ms, 1.35, strength);
    },
    logLevel: 'warning',
    logMessages: ['heap usage above threshold: # MB of # MB', 'full collection took # ms'],
  },
  {
    name: 'runaway-process',
    metrics: ['cpu_percent', 'load_average', 'latency_p95_ms', 'latency_p50_ms'],
    onsetMinutes: [1, 4],
    durationMinutes: [25, 90],
    apply(state, strength) {
      state.cpu_percent = toward(state.cpu_percent, 99, strength);
      state.load_average = scaled(state.load_average, 3, strength);
      state.latency_p50_ms = scaled(state.latency_p50_ms, 1.4, strength);
      state.latency_p95_ms = scaled(state.latency_p95_ms, 1.7, strength);
    },
    logLevel: 'warning',
    logMessages: ['watchdog: process # has used # seconds of processor time'],
  },
  {
    name: 'disk-filling',
    metrics: ['disk_used_percent', 'disk_queue', 'disk_write_mbps', 'error_percent'],
    onsetMinutes: [8, 20],
    durationMinutes: [50, 120],
    apply(state, strength) {
      state.disk_used_percent = toward(state.disk_used_percent, 99, strength);
      state.disk_write_mbps = scaled(state.disk_write_mbps, 2.2, strength);
      state.disk_queue = scaled(state.disk_queue + 0.3, 2.2, strength);
      state.error_percent += 1.5 * strength;
      state.latency_p95_ms = scaled(state.latency_p95_ms, 1.4, strength);
    },
    logLevel: 'error',
    logMessages: [
      'write failed: no space left on device, # bytes wanted',
      'log rotation postponed: volume # is full',
    ],
  },
  {
    name: 'slow-disk',
    metrics: ['disk_queue', 'disk_read_mbps', 'disk_write_mbps', 'latency_p95_ms'],
    onsetMinutes: [1, 6],
    durationMinutes: [30, 100],
    apply(state, strength) {
      state.disk_queue = scaled(state.disk_queue + 0.6, 4, strength);
      state.disk_read_mbps = scaled(state.disk_read_mbps, 0.45, strength);
      state.disk_write_mbps = scaled(state.disk_write_mbps, 0.4, strength);
      state.latency_p95_ms = scaled(state.latency_p95_ms, 1.8, strength);
      state.queue_depth = scaled(state.queue_depth + 1, 1.8, strength);
    },
    logLevel: 'warning',
    logMessages: ['request on device sd# waited # ms', 'fsync took # ms'],
  },
  {
    name: 'packet-loss',
    metrics: ['retransmit_percent', 'network_out_mbps', 'latency_p95_ms', 'error_percent'],
    onsetMinutes: [1, 3],
    durationMinutes: [20, 80],
    apply(state, strength) {
      state.retransmit_percent += 5 * strength;
      state.network_out_mbps = scaled(state.network_out_mbps, 0.6, strength);
      state.latency_p95_ms = scaled(state.latency_p95_ms, 1.7, strength);
      state.error_percent += 0.4 * strength;
    },
    logLevel: 'warning',
    logMessages: ['connection to peer 10.0.#.# reset after # retries'],
  },
  {
    name: 'connection-leak',
    metrics: ['connections', 'threads', 'memory_percent'],
    onsetMinutes: [6, 18],
    durationMinutes: [50, 130],
    apply(state, strength) {
      state.connections = scaled(state.connections, 3, strength);
      state.threads = scaled(state.threads, 1.6, strength);
      state.memory_percent = toward(state.memory_percent, 90, 0.3 * strength);
    },
    logLevel: 'warning',
    logMessages: ['pool exhausted: # of # connections in use', 'connection # was not returned within # s'],
  },
  {
    name: 'slow-dependency',
    metrics: ['latency_p50_ms', 'latency_p95_ms', 'queue_depth', 'cpu_percent', 'error_percent'],
    onsetMinutes: [1, 5],
    durationMinutes: [20, 80],
    apply(state, strength) {
      state.latency_p50_ms = scaled(state.latency_p50_ms, 2.2, strength);
      state.latency_p95_ms = scaled(state.latency_p95_ms, 2.4, strength);
      state.queue_depth = scaled(state.queue_depth + 2, 2.8, strength);
      state.cpu_percent = scaled(state.cpu_percent, 0.75, strength);
      state.error_percent += 0.7 * strength;
    },
    logLevel: 'error',
    logMessages: ['call to billing-# timed out after # ms', 'circuit breaker for billing-# opened'],
  },
  {
    name: 'bad-release',
    metrics: ['error_percent', 'latency_p50_ms', 'gc_pause_ms', 'requests_per_second'],
    onsetMinutes: [1, 2],
    durationMinutes: [15, 60],
    apply(state, strength) {
      state.error_percent += 6 * strength;
      state.latency_p50_ms = scaled(state.latency_p50_ms, 0.65, strength);
      state.gc_pause_ms = scaled(state.gc_pause_ms, 1.8, strength);
      state.requests_per_second = scaled(state.requests_per_second, 1.25, strength);
      state.threads = scaled(state.threads, 0.75, strength);
    },
    logLevel: 'error',
    logMessages: [
      'unhandled exception in handler #: cannot read property of undefined',
      'request # failed with status 500',
    ],
  },
  {
    name: 'cold-cache',
    metrics: ['cache_hit_percent', 'disk_read_mbps', 'latency_p50_ms'],
    onsetMinutes: [1, 3],
    durationMinutes: [25, 90],
    apply(state, strength) {
      state.cache_hit_percent = scaled(state.cache_hit_percent, 0.45, strength);
      state.disk_read_mbps = scaled(state.disk_read_mbps, 2.6, strength);
      state.latency_p50_ms = scaled(state.latency_p50_ms, 1.7, strength);
      state.queue_depth = scaled(state.queue_depth, 1.8, strength);
      state.gc_pause_ms = scaled(state.gc_pause_ms, 1.5, strength);
    },
    logLevel: 'warning',
    logMessages: ['cache node # is unreachable, reading through', 'eviction of # keys in # s'],
  },
  {
    name: 'lost-traffic',
    metrics: [
      'requests_per_second',
      'network_in_mbps',
      'network_out_mbps',
      'retransmit_percent',
      'error_percent',
    ],
    onsetMinutes: [1, 3],
    durationMinutes: [20, 80],
    apply(state, strength) {
      const kept = 0.15 ** strength;
      state.requests_per_second *= kept;
      state.network_in_mbps *= kept;
      state.network_out_mbps *= kept;
      state.connections = scaled(state.connections, 0.5, strength);
      state.cpu_percent = scaled(state.cpu_percent, 0.6, strength);
      // What the balancer still sends are probes, and those that got lost are tried again.
      state.retransmit_percent += 2 * strength;
      state.error_percent += 1.5 * strength;
    },
    logLevel: 'warning',
    logMessages: ['health probe from balancer # not seen for # s'],
  },
  {
    name: 'deadlock',
    metrics: ['threads', 'queue_depth', 'cpu_percent', 'requests_per_second'],
    onsetMinutes: [2, 8],
    durationMinutes: [20, 70],
    apply(state, strength) {
      state.threads = scaled(state.threads, 1.7, strength);
      state.queue_depth = scaled(state.queue_depth + 2, 3, strength);
      state.cpu_percent = scaled(state.cpu_percent, 0.45, strength);
      state.requests_per_second = scaled(state.requests_per_second, 0.6, strength);
    },
    logLevel: 'error',
    logMessages: ['lock wait of thread # exceeds # s', 'transaction # chosen as deadlock victim'],
  },
  {
    name: 'noisy-neighbour',
    metrics: ['cpu_steal_percent', 'load_average', 'latency_p95_ms'],
    onsetMinutes: [2, 10],
    durationMinutes: [30, 100],
    apply(state, strength) {
      state.cpu_steal_percent += 18 * strength;
      state.load_average = scaled(state.load_average, 1.7, strength);
      state.latency_p95_ms = scaled(state.latency_p95_ms, 1.6, strength);
    },
    logLevel: 'info',
    logMessages: ['timer drift of # ms detected'],
  },
] as const satisfies readonly FaultKind[];

export type FaultKindName = (typeof faultKinds)[number]['name'];
