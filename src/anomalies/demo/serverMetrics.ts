import type { MetricKind } from '../../contracts';

/** What every generated server reports, in the order of the columns of its series. */
export interface ServerMetric {
  readonly name: string;
  readonly kind: MetricKind;
  /** UCUM unit. */
  readonly unit: string;
  readonly minimum: number;
  readonly maximum?: number;
  /** Without it a row says little about the server. */
  readonly critical: boolean;
}

type Named<Name extends string> = ServerMetric & { readonly name: Name };

const gauge = <Name extends string>(
  name: Name,
  unit: string,
  options: { maximum?: number; critical?: boolean } = {},
): Named<Name> => ({
  name,
  kind: 'gauge',
  unit,
  minimum: 0,
  ...(options.maximum !== undefined && { maximum: options.maximum }),
  critical: options.critical === true,
});
const percent = <Name extends string>(name: Name, critical = false): Named<Name> =>
  gauge(name, '%', { maximum: 100, critical });
const counter = <Name extends string>(name: Name): Named<Name> => ({ ...gauge(name, '1'), kind: 'counter' });

export const serverMetrics = [
  percent('cpu_percent', true),
  percent('cpu_steal_percent'),
  gauge('load_average', '1'),
  percent('memory_percent', true),
  percent('swap_percent'),
  gauge('gc_pause_ms', 'ms'),
  percent('disk_used_percent'),
  gauge('disk_read_mbps', 'MBy/s'),
  gauge('disk_write_mbps', 'MBy/s'),
  gauge('disk_queue', '1'),
  gauge('network_in_mbps', 'MBy/s'),
  gauge('network_out_mbps', 'MBy/s'),
  percent('retransmit_percent'),
  gauge('connections', '1'),
  gauge('threads', '1'),
  gauge('queue_depth', '1'),
  percent('cache_hit_percent'),
  gauge('requests_per_second', '1/s', { critical: true }),
  percent('error_percent'),
  gauge('latency_p50_ms', 'ms'),
  gauge('latency_p95_ms', 'ms', { critical: true }),
  counter('requests_total'),
] as const;

export type ServerMetricName = (typeof serverMetrics)[number]['name'];

/** One minute of a server, by metric. */
export type ServerState = Record<ServerMetricName, number>;
