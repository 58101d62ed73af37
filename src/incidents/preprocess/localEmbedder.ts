import { z } from 'zod';
import {
  isQuarterdeckError,
  modelVersionSchema,
  QuarterdeckError,
  quarterName,
  quarterOf,
  quarterSchema,
  seededRandom,
  shiftTimestamp,
  timestampMs,
  type Embedder,
  type Incident,
  type ModelVersion,
  type Quarter,
} from '../../contracts';
import { fitSentenceEmbedder } from '../../learn/text';
import type { Lease } from '../../platform/blobs/blobs';
import type { Platform } from '../../platform/platform';
import type { Warehouse } from '../../platform/warehouse/warehouse';
import { embedderScope, publishSentenceEmbedder, readManifest } from '../../registry';
import { currentIncidentEmbedder } from './incidentEmbedder';
import { cleanText } from './text/cleanText';
import { summarize } from './text/summarize';

/** Tickets that the local embedder learns from at most, over all tech centres. */
const sampleTickets = 16_384;
/** Slices of a centre's history that give an equal part each, so that no quarter is left out. */
const slices = 8;
/** How often somebody else's training is looked at. */
const waitMs = 1_000;

/** An embedder is trained again when there are so many times the tickets to learn from that it has seen. */
const growth = 4;

/**
 * The embedder for summaries of new tickets. On one machine, where none was trained yet, it is trained now on the
 * source's tickets of all centres and published; when several runs want it at once, one trains and the others wait.
 * One that has seen too little of what there is now is replaced, for as long as samples grow; docs/decisions/0050.
 * @throws DATA_EMPTY when no ticket holds a word; what the registry, the warehouse and the clock throw.
 */
export async function ensureIncidentEmbedder(platform: Platform, signal: AbortSignal): Promise<Embedder> {
  for (;;) {
    const known = await currentOrUndefined(platform, signal);
    if (known && !(await isOutgrown(platform, known, signal))) return known;
    const lease = await leaseOrUndefined(platform, signal);
    if (!lease) {
      // Somebody trains a better one; the known one is good enough until then.
      if (known) return known;
      await platform.clock.sleep(waitMs, signal);
      continue;
    }
    try {
      const current = await currentOrUndefined(platform, signal);
      if (current && current.model !== known?.model) return current;
      const reason = known ? `${known.model} has seen too few tickets` : 'no local embedder was trained yet';
      await trainLocalEmbedder(platform, reason, AbortSignal.any([signal, lease.lost]));
      // Not judged again: one of a later quarter may stay current. None is found when the answer is that of a look that
      // somebody began before the promotion; the next round looks anew.
      const trained = await currentOrUndefined(platform, signal);
      if (trained) return trained;
    } finally {
      await lease.release();
    }
  }
}

/**
 * Fits the local embedder on a sample of the source's tickets, over all centres and all of their history, and makes
 * it current. Vectors stored before keep the name of the embedder that made them.
 * @throws DATA_EMPTY when no ticket holds a word; ABORTED
 */
export async function trainLocalEmbedder(
  platform: Platform,
  reason: string,
  signal: AbortSignal,
): Promise<void> {
  const { settings, telemetry, threads, warehouse } = platform;
  const centers = await warehouse.techCenters(signal);
  const incidents = await sampleIncidents(warehouse, centers, signal);
  const texts = incidents
    .map(({ shortDescription, description }) =>
      summarize(cleanText(shortDescription), cleanText(description), {
        tokens: settings.PREPROCESS_SUMMARY_TOKENS,
      }),
    )
    .filter((text) => text !== '');
  if (texts.length === 0)
    throw new QuarterdeckError('DATA_EMPTY', 'no ticket holds text to learn an embedder from');
  const seed = settings.TRAIN_SEED;
  const embedder = await fitSentenceEmbedder(texts, {}, seededRandom(seed), { signal, threads });
  const times = incidents.map(({ sysCreatedOn }) => sysCreatedOn).sort();
  const current = await currentOrUndefined(platform, signal);
  const version = await publishSentenceEmbedder(
    platform,
    embedder.toBytes(),
    {
      ...laterQuarter(quarterOf(times.at(-1)!), current && versionOf(current)),
      parameters: { sampleTickets, slices, sourceTickets: sourceTickets(centers) },
      seed,
      dataWindow: { from: times[0]!, to: times.at(-1)!, rows: texts.length },
      metrics: { texts: texts.length, width: embedder.width },
    },
    { by: 'preprocess', reason },
    signal,
  );
  telemetry.log('info', 'a local embedder is trained', {
    version,
    texts: texts.length,
    width: embedder.width,
  });
}

/** Whether the source has grown so much since a local embedder was trained that it should be trained again. */
async function isOutgrown(platform: Platform, embedder: Embedder, signal: AbortSignal): Promise<boolean> {
  const version = versionOf(embedder);
  if (version === undefined) return false;
  const { parameters, dataWindow } = await readManifest(platform, embedderScope, version, signal);
  const then = z.number().catch(dataWindow.rows).parse(parameters['sourceTickets']);
  // A full sample does not get better by more to choose from.
  if (then >= sampleTickets) return false;
  return sourceTickets(await platform.warehouse.techCenters(signal)) >= growth * then;
}

/** Version of a local embedder, whatever its weights; undefined for a service. */
function versionOf({ model }: Embedder): ModelVersion | undefined {
  return modelVersionSchema.safeParse(/^local\/([^#]+)/.exec(model)?.[1]).data;
}

const sourceTickets = (centers: readonly { readonly incidents: number }[]): number =>
  centers.reduce((sum, { incidents }) => sum + incidents, 0);

/** Quarter of a new version: that of the newest ticket, and never before the current version's own. */
function laterQuarter(newest: Quarter, current: ModelVersion | undefined): Quarter {
  const [year, quarter] = current?.split('/') ?? [];
  const known = quarterSchema.safeParse({ year: Number(year), quarter }).data;
  return known && quarterName(known) > quarterName(newest) ? known : newest;
}

/** Tickets of one tech centre in a sample. */
function quotaOf(centers: number): number {
  return Math.max(1, Math.floor(sampleTickets / Math.max(1, centers)));
}

async function sampleIncidents(
  warehouse: Warehouse,
  centers: Awaited<ReturnType<Warehouse['techCenters']>>,
  signal: AbortSignal,
): Promise<Incident[]> {
  const quota = quotaOf(centers.length);
  const sample: Incident[] = [];
  for (const { techCenter, incidents, lastCreatedOn } of centers) {
    if (incidents <= quota) {
      sample.push(...(await warehouse.incidentsBetween({ techCenter, limit: quota }, signal)));
      continue;
    }
    const [first] = await warehouse.incidentsBetween({ techCenter, limit: 1 }, signal);
    if (!first) continue;
    const spanMs = timestampMs(lastCreatedOn) - timestampMs(first.sysCreatedOn) + 1;
    for (let slice = 0; slice < slices; slice++) {
      const from = shiftTimestamp(first.sysCreatedOn, Math.floor((spanMs * slice) / slices));
      const to = shiftTimestamp(first.sysCreatedOn, Math.ceil((spanMs * (slice + 1)) / slices));
      const limit = Math.ceil(quota / slices);
      sample.push(...(await warehouse.incidentsBetween({ techCenter, from, to, limit }, signal)));
    }
  }
  return sample;
}

async function currentOrUndefined(platform: Platform, signal: AbortSignal): Promise<Embedder | undefined> {
  try {
    return await currentIncidentEmbedder(platform, signal);
  } catch (error) {
    if (isQuarterdeckError(error, 'MODEL_MISSING')) return undefined;
    throw error;
  }
}

async function leaseOrUndefined(platform: Platform, signal: AbortSignal): Promise<Lease | undefined> {
  try {
    return await platform.blobs.acquireLease('embedding/local', { durationSeconds: 60, signal });
  } catch (error) {
    if (isQuarterdeckError(error, 'LEASE_HELD')) return undefined;
    throw error;
  }
}
