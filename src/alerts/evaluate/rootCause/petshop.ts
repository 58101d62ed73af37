import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { ServiceGraph } from '../../../contracts';
import { indexGraph, type GraphIndex } from '../../graph/graphIndex';
import type { NodeMetric } from '../../rank';
import type { Complaint, FaultCase, FaultData } from './faultCase';
import { malformed, numberIn, readJson, readRows } from './files';

/**
 * The PetShop data set (Hardt et al. 2024, "The PetShop dataset — finding causes of performance issues across
 * microservices"): per kind of traffic a graph, metrics without a fault, and folders of faults with the metrics around
 * each and target.json. Both its splits are read where they are there.
 */

const targetSchema = z.object({
  target: z.object({ node: z.string(), metric: z.string(), agg: z.string(), timestamp: z.number() }),
  root_cause: z.object({ node: z.string(), metric: z.string().nullable() }),
});

const splits = ['train', 'test'];
/** The scenario whose faultless metrics stand in where a scenario has none of its own. */
const lender = 'low_traffic';

/** @throws NOT_FOUND, FILE_MALFORMED */
export function readPetshop(folder: string): FaultData {
  const scenarios = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'graph.csv')))
    .map(({ name }) => name)
    .sort();
  const notes: string[] = [];
  const histories = new Map<string, MetricColumns>();
  const historyOf = (scenario: string): MetricColumns => {
    const own = join(folder, scenario, 'noissue', 'metrics.csv');
    const lent = !existsSync(own);
    if (lent) notes.push(`${scenario} has no metrics without a fault; those of ${lender} stand in.`);
    const path = lent ? join(folder, lender, 'noissue', 'metrics.csv') : own;
    let history = histories.get(path);
    if (!history) histories.set(path, (history = readColumns(path)));
    return history;
  };
  const cases = scenarios.flatMap((scenario) => {
    const index = readGraph(join(folder, scenario, 'graph.csv'));
    const history = historyOf(scenario);
    return splits.flatMap((split) =>
      issuesOf(join(folder, scenario, split)).map((issue) =>
        readCase(
          join(folder, scenario, split, issue),
          `${scenario}/${split}/${issue}`,
          scenario,
          index,
          history,
        ),
      ),
    );
  });
  return { dataSet: 'petshop', cases, notes };
}

function issuesOf(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

function readCase(
  folder: string,
  name: string,
  scenario: string,
  index: GraphIndex,
  history: MetricColumns,
): FaultCase {
  const { target, root_cause: cause } = readJson(join(folder, 'target.json'), targetSchema);
  const columns = readColumns(join(folder, 'metrics.csv'));
  const nodeOf = (id: string): number => {
    const node = index.nodeOf.get(id);
    if (node === undefined) throw malformed(join(folder, 'target.json'), `the graph has no node ${id}`);
    return node;
  };
  const split = firstRowOf(columns.atSeconds, target.timestamp);
  const complaint: Complaint = { node: nodeOf(target.node), metric: `${target.metric} ${target.agg}` };
  return {
    name,
    kind: `${scenario.replace('_', '-').replace(/\d+$/, '')} ${target.metric}`,
    index,
    metrics: metricsAround(columns, history, index, split),
    alerting: complaint.node,
    complaint,
    root: nodeOf(cause.node),
    candidates: null,
  };
}

/** Each row is of the minutes from its time on: the first that reaches past the complaint may show the fault. */
function firstRowOf(atSeconds: readonly number[], complaintSeconds: number): number {
  const width = atSeconds.length > 1 ? atSeconds[1]! - atSeconds[0]! : 0;
  const first = atSeconds.findIndex((at) => at + width > complaintSeconds);
  return Math.max(first, 1);
}

function metricsAround(
  { atSeconds, columns }: MetricColumns,
  history: MetricColumns,
  index: GraphIndex,
  split: number,
): NodeMetric[] {
  const afterMs = atSeconds.slice(split).map((seconds) => seconds * 1000);
  return [...columns].flatMap(([key, { node: id, metric, values }]) => {
    const node = index.nodeOf.get(id);
    const usual = history.columns.get(key);
    if (node === undefined || !usual) return [];
    const windows = {
      history: usual.values,
      before: values.subarray(0, split),
      after: values.subarray(split),
    };
    return [{ node, metric, windows, afterMs }];
  });
}

interface MetricColumns {
  readonly atSeconds: readonly number[];
  /** By node, metric and statistic. */
  readonly columns: ReadonlyMap<string, { node: string; metric: string; values: Float64Array }>;
}

/** Three rows of headers (node, metric, statistic), one that names the time, then a row for each time. */
function readColumns(path: string): MetricColumns {
  const [nodes, metrics, statistics, , ...rows] = readRows(path);
  if (!nodes || !metrics || !statistics || rows.length === 0) {
    throw malformed(path, 'expected three rows of headers, one naming the time, and rows of metrics');
  }
  const atSeconds = rows.map((row) => numberIn(row[0], path));
  const columns = new Map<string, { node: string; metric: string; values: Float64Array }>();
  for (let column = 1; column < nodes.length; column++) {
    const node = nodes[column]!;
    const metric = `${metrics[column]} ${statistics[column]}`;
    const values = Float64Array.from(rows, (row) => numberIn(row[column], path));
    columns.set(`${node}\n${metric}`, { node, metric, values });
  }
  return { atSeconds, columns };
}

/** An adjacency matrix with ids on both sides. */
function readGraph(path: string): GraphIndex {
  const [header, ...rows] = readRows(path);
  if (!header) throw malformed(path, 'it is empty');
  const ids = header.slice(1);
  const edges = rows.flatMap((row) =>
    ids.flatMap((target, column) =>
      numberIn(row[column + 1], path) > 0 && row[0] !== target
        ? [{ source: row[0]!, target, kind: null, weight: 1 }]
        : [],
    ),
  );
  const graph: ServiceGraph = {
    version: path,
    nodes: ids.map((id) => ({
      id,
      name: id,
      // The tracer writes the type behind the last underscore: PetSearch_AWS::ECS::Fargate, amazon.com_remote.
      type: /_([A-Za-z:]+)$/.exec(id)?.[1] ?? null,
      tier: null,
      team: null,
      criticality: null,
      aliases: [],
    })),
    edges,
  };
  return indexGraph(graph);
}
