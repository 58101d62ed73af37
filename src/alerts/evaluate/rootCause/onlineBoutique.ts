import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { timestampMs, toTimestamp, type ServiceGraph } from '../../../contracts';
import { indexGraph, type GraphIndex } from '../../graph/graphIndex';
import type { NodeMetric } from '../../rank';
import type { Complaint, FaultCase, FaultData } from './faultCase';
import { malformed, numberIn, readJson, readRows } from './files';

/**
 * The Online Boutique faults of Nezha (Yu et al., FSE 2023): per day metrics of every pod by the minute, latencies of
 * calls between services, the dependencies, and a list of faults. Logs and traces are not read.
 */

const faultSchema = z.object({
  inject_timestamp: z.coerce.number(),
  inject_pod: z.string(),
  inject_type: z.string(),
});
const faultListSchema = z.record(z.string(), z.array(faultSchema));
type Fault = z.infer<typeof faultSchema>;

/** Minutes before a fault that say how things were, and minutes of it that are looked at: faults last about five. */
const beforePoints = 10;
const afterPoints = 5;
/** After the last fault of a day this long until operation counts as faultless again. */
const recoverySeconds = 20 * 60;
/** What users of the shop would notice first. */
const complaintMetric = { service: 'frontend', metric: 'PodServerLatencyP90(s)' };

/**
 * Which points tell what is usual: those after the day's faults, as Nezha takes them, or only what came before each
 * fault, other faults and all.
 */
export const histories = ['faultless', 'before'] as const;
export type History = (typeof histories)[number];

/** @throws NOT_FOUND, FILE_MALFORMED */
export function readOnlineBoutique(folder: string, history: History): FaultData {
  const data = join(folder, 'rca_data');
  const days = readdirSync(data, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(data, entry.name, 'metric')))
    .map(({ name }) => name)
    .sort();
  return {
    dataSet: 'online_boutique',
    cases: days.flatMap((day) => readDay(join(data, day), day, history)),
    notes: [],
  };
}

function readDay(folder: string, day: string, history: History): FaultCase[] {
  const listPath = join(folder, `${day}-fault_list.json`);
  const faults = Object.values(readJson(listPath, faultListSchema)).flat();
  faults.sort((a, b) => a.inject_timestamp - b.inject_timestamp);
  const lastFault = faults.at(-1)?.inject_timestamp ?? 0;
  const series = readSeries(join(folder, 'metric'));
  const services = [
    ...new Set(series.filter(({ caller }) => caller === undefined).map(({ service }) => service)),
  ].sort();
  const index = readDependencies(join(folder, 'metric'), services);
  const complaint: Complaint = {
    node: index.nodeOf.get(complaintMetric.service)!,
    metric: complaintMetric.metric,
  };
  return faults.map((fault) => {
    const service = serviceOf(fault.inject_pod);
    const root = index.nodeOf.get(service);
    if (root === undefined) throw malformed(listPath, `there are no metrics of ${service}`);
    return {
      name: `${day} ${service} ${fault.inject_type} ${new Date(fault.inject_timestamp * 1000).toISOString().slice(11, 16)}`,
      kind: fault.inject_type,
      index,
      metrics: series.flatMap((one) =>
        windowsOf(one, fault, history === 'faultless' ? lastFault + recoverySeconds : null, index),
      ),
      alerting: null,
      complaint,
      root,
      candidates: null,
    };
  });
}

interface Series {
  readonly service: string;
  readonly caller?: string;
  readonly metric: string;
  readonly atSeconds: Float64Array;
  readonly values: Float64Array;
}

function windowsOf(
  series: Series,
  fault: Fault,
  faultlessFrom: number | null,
  index: GraphIndex,
): NodeMetric[] {
  const node = index.nodeOf.get(series.service);
  const caller = series.caller === undefined ? undefined : index.nodeOf.get(series.caller);
  if (node === undefined || (series.caller !== undefined && caller === undefined)) return [];
  const split = firstAfter(series.atSeconds, fault.inject_timestamp);
  const afterMs = series.atSeconds.slice(split, split + afterPoints).map((seconds) => seconds * 1000);
  const before = Math.max(split - beforePoints, 0);
  const windows = {
    history:
      faultlessFrom === null
        ? series.values.subarray(0, before)
        : series.values.subarray(firstAfter(series.atSeconds, faultlessFrom)),
    before: series.values.subarray(before, split),
    after: series.values.subarray(split, split + afterPoints),
  };
  return [{ node, ...(caller !== undefined && { caller }), metric: series.metric, windows, afterMs }];
}

function firstAfter(atSeconds: Float64Array, seconds: number): number {
  const first = atSeconds.findIndex((at) => at >= seconds);
  return first < 0 ? atSeconds.length : first;
}

function readSeries(folder: string): Series[] {
  return readdirSync(folder)
    .sort()
    .flatMap((file): Series[] => {
      const path = join(folder, file);
      const pod = /^(.+)_metric\.csv(?:\.gz)?$/.exec(file)?.[1];
      if (pod !== undefined) return readPod(path, serviceOf(pod));
      // Latency of calls as the caller sees it; what the callee sees is among its own metrics.
      return /^source_50\.csv(?:\.gz)?$/.test(file) ? readCalls(path) : [];
    });
}

function readPod(path: string, service: string): Series[] {
  const { atSeconds, columns } = readTable(path);
  return columns.map(({ name, values }) => ({ service, metric: name, atSeconds, values }));
}

function readCalls(path: string): Series[] {
  const { atSeconds, columns } = readTable(path);
  return columns.flatMap(({ name, values }): Series[] => {
    const [caller, service] = name.split('_');
    if (caller === undefined || service === undefined) return [];
    return [{ service, caller, metric: 'latency p50 of calls', atSeconds, values }];
  });
}

const notMetrics = new Set(['time', 'timestamp', 'podname', 'servicename']);

/** Times are those of `Time`: `TimeStamp` is 200,000,000 seconds late throughout one of the days. */
function readTable(path: string): {
  atSeconds: Float64Array;
  columns: { name: string; values: Float64Array }[];
} {
  const [header, ...rows] = readRows(path);
  const timeColumn = header?.findIndex((name) => name.toLowerCase() === 'time') ?? -1;
  if (!header || timeColumn < 0) throw malformed(path, 'there is no column Time');
  const atSeconds = Float64Array.from(rows, (row) => {
    const time = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}/.exec(row[timeColumn] ?? '')?.[0];
    if (time === undefined) throw malformed(path, `no time: ${JSON.stringify(row[timeColumn])}`);
    return timestampMs(toTimestamp(`${time}Z`)) / 1000;
  });
  const columns = header.flatMap((name, column) =>
    notMetrics.has(name.toLowerCase())
      ? []
      : [{ name, values: Float64Array.from(rows, (row) => numberIn(row[column], path)) }],
  );
  return { atSeconds, columns };
}

/** Edges between services; the machines that they run on, given by address, are none of them. */
function readDependencies(folder: string, services: readonly string[]): GraphIndex {
  const name = ['dependency.csv', 'dependency.csv.gz'].find((file) => existsSync(join(folder, file)));
  const [, ...rows] = readRows(join(folder, name ?? 'dependency.csv'));
  const known = new Set(services);
  const graph: ServiceGraph = {
    version: folder,
    nodes: services.map((id) => ({
      id,
      name: id,
      type: 'service',
      tier: null,
      team: null,
      criticality: null,
      aliases: [],
    })),
    edges: rows.flatMap(([source = '', target = '']) =>
      known.has(source) && known.has(target) ? [{ source, target, kind: null, weight: 1 }] : [],
    ),
  };
  return indexGraph(graph);
}

/** `cartservice-579f59597d-wc2lz` is a pod of cartservice. */
function serviceOf(pod: string): string {
  return pod.replace(/-[^-]+-[^-]+$/, '');
}
