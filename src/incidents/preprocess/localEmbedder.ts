import {
  isQuarterdeckError,
  QuarterdeckError,
  quarterOf,
  seededRandom,
  shiftTimestamp,
  timestampMs,
  type Embedder,
  type Incident,
} from '../../contracts';
import { fitSentenceEmbedder } from '../../learn/text';
import type { Lease } from '../../platform/blobs/blobs';
import type { Platform } from '../../platform/platform';
import { publishSentenceEmbedder } from '../../registry/embedders';
import { currentIncidentEmbedder } from './incidentEmbedder';
import { cleanText } from './text/cleanText';
import { summarize } from './text/summarize';

/** Tickets that the local embedder learns from at most, over all tech centres. */
const sampleTickets = 16_384;
/** Slices of a centre's history that give an equal part each, so that no quarter is left out. */
const slices = 8;
/** How often somebody else's training is looked at. */
const waitMs = 1_000;

/**
 * The embedder for summaries of new tickets. On one machine, where none was trained yet, it is trained now on the
 * source's tickets of all centres and published; when several runs want it at once, one trains and the others wait.
 * @throws DATA_EMPTY when no ticket holds a word; what the registry, the warehouse and the clock throw.
 */
export async function ensureIncidentEmbedder(platform: Platform, signal: AbortSignal): Promise<Embedder> {
  for (;;) {
    const known = await currentOrUndefined(platform, signal);
    if (known) return known;
    const lease = await leaseOrUndefined(platform, signal);
    if (!lease) {
      await platform.clock.sleep(waitMs, signal);
      continue;
    }
    try {
      const trained = await currentOrUndefined(platform, signal);
      if (trained) return trained;
      await trainLocalEmbedder(
        platform,
        'no local embedder was trained yet',
        AbortSignal.any([signal, lease.lost]),
      );
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
  const { settings, telemetry, threads } = platform;
  const incidents = await sampleIncidents(platform, signal);
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
  const version = await publishSentenceEmbedder(
    platform,
    embedder.toBytes(),
    {
      ...quarterOf(times.at(-1)!),
      parameters: { sampleTickets, slices },
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

async function sampleIncidents(platform: Platform, signal: AbortSignal): Promise<Incident[]> {
  const { warehouse } = platform;
  const centers = await warehouse.techCenters(signal);
  const quota = Math.max(1, Math.floor(sampleTickets / Math.max(1, centers.length)));
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
