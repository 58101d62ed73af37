import { basename, relative } from 'node:path';
import {
  collectAlerts,
  graphCoverage,
  groupAndStore,
  latestMoment,
  learnFirst,
  quarantineRows,
  readAlertCsv,
  readServiceGraphFile,
  writeResults,
  type AlertFileReport,
  type AlertTrainingReport,
  type GroupingResults,
  type ReadServiceGraph,
} from '../../src/alerts';
import { toTimestamp, type Alert, type Timestamp } from '../../src/contracts';
import type { Platform } from '../../src/platform/platform';
import { withLimit } from '../../src/platform/stopping';
import type { Output } from '../output';
import { sayAlertTraining } from './alertsModel';

/** Grouping alerts and a graph out of files: what `alerts` does in one run. */

export interface AlertFilesOptions {
  readonly alerts?: string;
  readonly graph?: string;
  readonly map?: Readonly<Record<string, string>>;
  readonly output: string;
  readonly models: string;
  readonly retraining: boolean;
}
export type AlertFiles = AlertFilesOptions & { readonly alerts: string; readonly graph: string };

export interface FileGrouping {
  readonly results: GroupingResults;
  readonly folder: string;
  readonly rejected: number;
  readonly training: AlertTrainingReport | undefined;
}

const shownGroups = 10;
const shownRejected = 5;

/** Reads both files and groups what is in them; the results go to a folder and into the tables. */
export async function groupFiles(
  platform: Platform,
  files: AlertFiles,
  output: Output,
  signal: AbortSignal,
): Promise<FileGrouping> {
  const stop = withLimit(signal, platform.settings.ALERT_RUN_DEADLINE_MS);
  const bar = output.progress('alerts');
  try {
    // The graph first: a run that cannot be made sets no rows aside.
    const graph = await readServiceGraphFile(files.graph, stop);
    const { alerts, rejected, metadata } = await readAlertFile(platform, files, output, stop);
    sayGraph(files.graph, graph, output);
    const request = {
      scope: `file ${basename(files.alerts)}`,
      at: momentOf(alerts, toTimestamp(platform.clock.now()), platform.settings.TIME_WINDOW_MINUTES),
      alerts,
      graph: graph.graph,
      metadata: { ...metadata, graphReport: graph.report },
    };
    const control = {
      signal: stop,
      onProgress: ({ stage, done, total }: { stage: string; done: number; total: number }) =>
        bar.update(done, total, stage),
    };
    const training = files.retraining ? await learnFirst(platform, request, control) : undefined;
    let folder = '';
    const results = await groupAndStore(
      platform,
      request,
      async (made, limit) => {
        folder = await writeResults(files.output, made, limit);
      },
      control,
    );
    return { results, folder, rejected, training };
  } finally {
    bar.stop();
  }
}

/** Alerts of a file with a folder of rows that were none. */
export async function readAlertFile(
  platform: Pick<Platform, 'settings' | 'clock' | 'warehouse'>,
  { alerts: path, map }: { readonly alerts: string; readonly map?: Readonly<Record<string, string>> },
  output: Output,
  signal: AbortSignal,
): Promise<{ alerts: readonly Alert[]; rejected: number; metadata: object }> {
  const file = await readAlertCsv(
    path,
    {
      timeZone: platform.settings.ALERT_TIME_ZONE,
      arrivedAt: toTimestamp(platform.clock.now()),
      ...(map && { map }),
    },
    signal,
  );
  const collected = await collectAlerts(file.batches(signal), quarantineRows(platform, path, signal));
  const report = file.report();
  const { alerts, rejected, rejectedTotal, repeats } = collected;
  sayAlertFile(path, report, alerts.length, output);
  for (const { row, code, message } of rejected.slice(0, shownRejected)) {
    output.say(`    row ${row}: ${code} – ${message}`);
  }
  const { rows, rejectedByCode, columns, rowsWithoutZone, unknownSeverities, unknownStatuses, labelsCut } =
    report;
  return {
    alerts,
    rejected: rejectedTotal,
    metadata: {
      file: {
        name: basename(path),
        rows,
        repeats,
        rejected: rejectedTotal,
        rejectedByCode,
        rejectedFirst: rejected
          .slice(0, shownGroups)
          .map(({ row, code, message }) => ({ row, code, message })),
        columns,
        rowsWithoutZone,
        unknownSeverities,
        unknownStatuses,
        labelsCut,
      },
    },
  };
}

function sayAlertFile(path: string, report: AlertFileReport, alerts: number, output: Output): void {
  const { rows, rejected, rowsWithoutZone, timeZone, unknownSeverities, unknownStatuses } = report;
  output.say(`${basename(path)}: ${counted(alerts, 'alert')} in ${counted(rows, 'row')}`);
  if (rejected > 0) output.say(`  ${counted(rejected, 'row')} set aside, kept in the table quarantined_rows`);
  if (rowsWithoutZone > 0)
    output.say(`  ${counted(rowsWithoutZone, 'row')} with times without a zone, read in ${timeZone}`);
  const unknown = Object.keys(unknownSeverities);
  if (unknown.length > 0) output.say(`  severities that nobody knows: ${unknown.join(', ')}`);
  const states = Object.keys(unknownStatuses);
  if (states.length > 0) output.say(`  states that nobody knows, taken to fire: ${states.join(', ')}`);
}

function sayGraph(path: string, { graph, report }: ReadServiceGraph, output: Output): void {
  const { danglingEdges, duplicateNodes, selfLoops, cycles, invalidNodes, invalidEdges } = report;
  const { nodes, edges } = graph;
  output.say(
    `${basename(path)}: ${counted(nodes.length, 'service')}, ${edges.length} ${edges.length === 1 ? 'dependency' : 'dependencies'}`,
  );
  const odd = [
    [danglingEdges.total, 'edge that ends nowhere, left out', 'edges that end nowhere, left out'],
    [duplicateNodes.total, 'service given twice, made one', 'services given twice, made one'],
    [
      selfLoops.total,
      'service that depends on itself, left out',
      'services that depend on themselves, left out',
    ],
    [cycles.total, 'circle of services, kept', 'circles of services, kept'],
    [
      invalidNodes.total + invalidEdges.total,
      'entry that is none, left out',
      'entries that are none, left out',
    ],
  ] as const;
  for (const [count, one, several] of odd)
    if (count > 0) output.say(`  ${count} ${count === 1 ? one : several}`);
}

/** Now for a file that goes on; for one of the past, when its last alert was young. */
function momentOf(alerts: readonly Alert[], now: Timestamp, windowMinutes: number): Timestamp {
  const latest = latestMoment(alerts);
  const goesOn = Date.parse(latest) > Date.parse(now) - windowMinutes * 60_000;
  return goesOn || alerts.length === 0 ? now : latest;
}

/** The most important groups as a table, and where everything is. */
export function sayGrouping(output: Output, { results, folder, rejected, training }: FileGrouping): void {
  const { run, groups } = results;
  if (training) sayAlertTraining(output, training);
  const ranked = groups.filter(({ supersededBy }) => supersededBy === null);
  output.table(
    ['#', 'importance', 'group', 'alerts', 'services', 'likely root', 'worst', 'began (UTC)', 'state'],
    ranked
      .slice(0, shownGroups)
      .map((group) => [
        group.rank,
        group.importance.toFixed(0),
        group.name,
        group.alerts,
        group.services,
        group.rootCause === null
          ? '–'
          : `${group.rootCause} (${((group.rootScore ?? 0) * 100).toFixed(0)} %)`,
        group.severity,
        group.startedAt.slice(0, 16).replace('T', ' '),
        group.state,
      ]),
  );
  if (ranked.length > shownGroups) output.say(`and ${counted(ranked.length - shownGroups, 'more group')}`);
  const { alerts, primaries, duplicates, symptoms, unmapped, suppressed, outliers } = run;
  const { warning } = graphCoverage(
    results.consolidated.map(({ service, node }) => ({ service, mapped: node !== null })),
  );
  if (warning !== null) output.say(`warning: ${warning}`);
  const less = alerts === 0 ? '' : `, ${((1 - ranked.length / alerts) * 100).toFixed(1)} % less to look at`;
  output.say(`${counted(alerts, 'alert')} in ${counted(ranked.length, 'group')}${less}`);
  output.say(
    `${primaries} ${primaries === 1 ? 'primary' : 'primaries'}, ${counted(duplicates, 'duplicate')}, ${counted(symptoms, 'symptom')}; ${unmapped} unmapped, ${suppressed} suppressed, ${counted(outliers, 'outlier')}`,
  );
  output.say(
    run.modelVersion === null
      ? 'kinds of alerts: no model yet'
      : `kinds of alerts: ${results.clusters.length} by model ${run.modelVersion}`,
  );
  output.say(`results: ${relative(process.cwd(), folder) || folder}`);
  output.result({
    runId: run.runId,
    results: folder,
    at: run.runAt,
    alerts,
    groups: ranked.length,
    noiseReduction: alerts === 0 ? null : 1 - ranked.length / alerts,
    primaries,
    duplicates,
    symptoms,
    unmapped,
    suppressed,
    outliers,
    rejected,
    warning,
    modelVersion: run.modelVersion,
    training: training && { status: training.status, version: training.version, detail: training.detail },
    top: ranked.slice(0, shownGroups).map((group) => ({
      rank: group.rank,
      id: group.groupId,
      name: group.name,
      importance: group.importance,
      alerts: group.alerts,
      rootCause: group.rootCause,
      severity: group.severity,
      startedAt: group.startedAt,
      state: group.state,
    })),
  });
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
