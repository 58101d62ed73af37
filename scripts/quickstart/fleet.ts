import {
  ingestBatch,
  standingVerdicts,
  submitReview,
  reviewQueue,
  trainAnomalyModels,
} from '../../src/anomalies';
import {
  generateServers,
  logLines,
  type GeneratedFleet,
  type GeneratedServer,
} from '../../src/anomalies/demo';
import { timestampMs, toTimestamp } from '../../src/contracts';
import { readAliases } from '../../src/registry';
import type { Session } from '../session';
import { send } from './send';

export interface FleetSummary {
  readonly servers: number;
  readonly points: number;
  readonly logRecords: number;
  readonly faults: number;
  /** Rows that the scripted reviewer judged. */
  readonly reviewed: number;
  readonly champion: string | null;
  readonly challenger: string | null;
  readonly found: FoundFault | null;
}

/** A planted fault as `POST /api/anomaly` saw it. */
export interface FoundFault {
  readonly instance: string;
  readonly at: string;
  readonly kind: string;
  readonly faultMetrics: readonly string[];
  readonly score: number;
  readonly label: number;
  readonly model: string;
  readonly contributions: readonly { readonly feature: string; readonly contribution: number }[];
  readonly explanation: string;
}

const seed = 2026;
const days = 5;
const minuteMs = 60_000;
const dayMs = 86_400_000;
/** Logs of the last hours are enough to mine templates from. */
const logMinutes = 360;
/** Faults are planted densely, so that five days show each kind to learn from and to find. */
const faultsPerServerWeek = 10;
const reviewer = 'scripted reviewer';
const mostReviews = 10_000;
/** The longest window of a feature and some more, so that every feature of the scored minute is there. */
const historyMinutes = 90;

/** Generated servers: reported, learned from, reviewed, promoted, and asked about over HTTP. */
export async function runFleet(session: Session, url: string, servers: number): Promise<FleetSummary> {
  const { platform, output, signal } = session;
  // To the minute: a second run on the same day generates the same servers and stores nothing twice.
  const startAt = toTimestamp((Math.floor(platform.clock.now() / dayMs) - days) * dayMs);
  const fleet = generateServers({ seed, servers, weeks: days / 7, startAt, faultsPerServerWeek });
  const stored = await ingestFleet(session, fleet);
  output.say(`Training on ${servers} servers with ${fleet.faults.length} planted faults …`);
  const request = { to: toTimestamp(timestampMs(startAt) + days * dayMs), windowDays: days, fast: true };
  const bar = output.progress('anomalies');
  const control = {
    signal,
    onProgress: ({ done, total, stage }: { done: number; total: number; stage: string }): void =>
      bar.update(done, total, stage),
  };
  const reviewedBefore = (await standingVerdicts(platform, {}, signal)).length;
  if (reviewedBefore === 0) await trainAnomalyModels(platform, request, control);
  const reviewed = await review(session, fleet);
  if (reviewed > 0) await trainAnomalyModels(platform, request, control);
  bar.stop();
  const aliases = (await readAliases(platform, signal))?.aliases;
  const name = (alias: 'champion' | 'challenger'): string | null => {
    const reference = aliases?.[alias];
    return reference ? `${reference.model} ${reference.version}` : null;
  };
  return {
    servers,
    ...stored,
    faults: fleet.faults.length,
    reviewed: reviewed + reviewedBefore,
    champion: name('champion'),
    challenger: name('challenger'),
    found: await findPlantedFault(fleet, url, signal),
  };
}

async function ingestFleet(
  { platform, output, signal }: Session,
  fleet: GeneratedFleet,
): Promise<{ points: number; logRecords: number }> {
  let points = 0;
  let logRecords = 0;
  const bar = output.progress('servers');
  for (const [index, server] of fleet.servers.entries()) {
    for (const body of metricBodies(fleet, server)) {
      const { receipt } = await ingestBatch(
        platform,
        { kind: 'metrics', shape: 'csv', body, instance: server.instance },
        signal,
      );
      points += receipt.accepted;
    }
    const { receipt } = await ingestBatch(
      platform,
      { kind: 'logs', shape: 'ndjson', body: logBody(fleet, server), instance: server.instance },
      signal,
    );
    logRecords += receipt.accepted;
    bar.update(index + 1, fleet.servers.length);
  }
  bar.stop();
  return { points, logRecords };
}

/** A day at a time, as an agent would send a backlog. */
function* metricBodies(
  fleet: GeneratedFleet,
  { startMinute, values }: GeneratedServer,
): Generator<Uint8Array> {
  const header = ['timestamp', ...fleet.metrics.map(({ name }) => name)].join(',');
  const perDay = dayMs / minuteMs;
  for (let first = 0; first < values.n; first += perDay) {
    const lines = [header];
    for (let row = first; row < Math.min(values.n, first + perDay); row++) {
      const cells = values.values.subarray(row * values.d, (row + 1) * values.d);
      const at = toTimestamp((startMinute + row) * minuteMs);
      lines.push([at, ...Array.from(cells, (value) => (Number.isNaN(value) ? '' : String(value)))].join(','));
    }
    yield Buffer.from(lines.join('\n'));
  }
}

function logBody(fleet: GeneratedFleet, server: GeneratedServer): Uint8Array {
  const from = toTimestamp((server.startMinute + server.values.n - logMinutes) * minuteMs);
  const lines = logLines(server, fleet.seed).filter(({ at }) => at >= from);
  return Buffer.from(lines.map((line) => JSON.stringify(line)).join('\n'));
}

/** Answers the whole queue as somebody would who knows where the faults are. */
async function review({ platform, output, signal }: Session, fleet: GeneratedFleet): Promise<number> {
  const { items } = await reviewQueue(platform, { limit: mostReviews }, signal);
  const byInstance = new Map(fleet.servers.map((server) => [server.instance, server]));
  let anomalies = 0;
  for (const { itemId, instance, at } of items) {
    const server = byInstance.get(instance);
    if (!server) continue;
    const isFault = server.labels[Math.floor(timestampMs(at) / minuteMs) - server.startMinute] === 1;
    if (isFault) anomalies++;
    await submitReview(platform, { itemId, reviewer, verdict: isFault ? 'anomaly' : 'normal' }, signal);
  }
  output.say(`${items.length} rows reviewed by a script: ${anomalies} anomalies.`);
  return items.length;
}

/** Asks the host about a fault of the held-out time, with the raw metrics of the hour and a half before. */
async function findPlantedFault(
  fleet: GeneratedFleet,
  url: string,
  signal: AbortSignal,
): Promise<FoundFault | null> {
  const faults = fleet.faults.filter((fault) => {
    const server = fleet.servers.find(({ instance }) => instance === fault.instance)!;
    return middleOf(fault) - server.startMinute > historyMinutes;
  });
  for (const fault of faults.toReversed()) {
    const server = fleet.servers.find(({ instance }) => instance === fault.instance)!;
    const answer = (await send(
      'POST',
      `${url}/api/anomaly`,
      scoreRequest(fleet, server, middleOf(fault)),
      signal,
    )) as Record<string, unknown>;
    const [result] = answer['results'] as Scored[];
    if (result?.label !== 1) continue;
    const explanation = (await send(
      'POST',
      `${url}/api/explain`,
      { instance: fault.instance, at: result.at },
      signal,
    )) as Record<string, unknown>;
    return {
      instance: fault.instance,
      at: result.at,
      kind: fault.kind,
      faultMetrics: fault.metrics,
      score: result.score,
      label: result.label,
      model: `${String(answer['model'])} ${String(answer['version'])}`,
      contributions: result.contributions.map(({ feature, contribution }) => ({ feature, contribution })),
      explanation: (explanation['rootCause'] as { text: string }[])[0]!.text,
    };
  }
  return null;
}

interface Scored {
  readonly at: string;
  readonly score: number;
  readonly label: number;
  readonly contributions: readonly { readonly feature: string; readonly contribution: number }[];
}

const middleOf = ({ fromMinute, toMinute }: { fromMinute: number; toMinute: number }): number =>
  Math.floor((fromMinute + toMinute) / 2);

function scoreRequest(fleet: GeneratedFleet, server: GeneratedServer, minute: number): unknown {
  const metrics: { metric: string; at: string; value: number }[] = [];
  for (let at = minute - historyMinutes; at <= minute; at++) {
    const row = at - server.startMinute;
    fleet.metrics.forEach(({ name }, column) => {
      const value = server.values.values[row * server.values.d + column]!;
      if (!Number.isNaN(value)) metrics.push({ metric: name, at: toTimestamp(at * minuteMs), value });
    });
  }
  return { instance: server.instance, metrics, allowMissing: true };
}

export function sayFleet({ output }: Session, fleet: FleetSummary): void {
  output.say(
    `${fleet.servers} servers: ${fleet.points} points, ${fleet.logRecords} log records, ${fleet.reviewed} rows reviewed; ` +
      `champion ${fleet.champion ?? 'none'}, challenger ${fleet.challenger ?? 'none'}.`,
  );
  const { found } = fleet;
  if (!found) return;
  output.say(
    `A planted fault was found: ${found.kind} on ${found.instance} at ${found.at.slice(0, 16)}, score ${found.score.toFixed(3)}, ` +
      `by ${found.contributions
        .slice(0, 3)
        .map(({ feature }) => feature)
        .join(', ')}.`,
  );
  output.say(`  ${found.explanation}`);
}
