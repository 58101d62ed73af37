import {
  isQuarterdeckError,
  toTimestamp,
  type Embedder,
  type Incident,
  type PipelineRun,
  type Position,
  type PreprocessedIncident,
  type Watermark,
} from '../../contracts';
import type { Lease } from '../../platform/blobs/blobs';
import type { Platform } from '../../platform/platform';
import { withLimit } from '../../platform/stopping';
import { encodeSegment } from '../../registry';
import { finishRun, startRun } from '../../platform/pipelineRun';
import { attemptsUntil, randomOfRun, type Attempts } from './attempts';
import { embedTexts, type Embedded } from './embedTexts';
import { LanguageSummarizer } from './languageSummary';
import { overlapStart } from './late';
import { ensureIncidentEmbedder } from './localEmbedder';
import { positionOf, watermarkAfter } from './position';
import { preparePage } from './preparePage';
import { preprocessQuarantineSource, QuarantineLimit, quarantinedRow, type Poisoned } from './quarantine';

/**
 * The hourly pipeline of one tech centre: new tickets become cleaned, redacted, summarised and embedded rows. Works
 * page by page, each stored before the watermark moves, so that a crash anywhere loses nothing and a rerun doubles
 * nothing. Two runs at once: one works, the other is recorded as skipped.
 *
 * @param options `fromStart` reads the unprocessed tickets of all time instead of those from the overlap on: history
 * that was brought in after the watermark had passed it. The watermark stays where it is.
 * @returns the recorded run, whatever its outcome: `failed` when nothing could be stored or too many rows are
 * poisoned, `partial` when it stopped after some pages.
 * @throws ABORTED (or the coded reason) when `signal` asked to stop, and what the warehouse throws when even the run
 * cannot be recorded.
 */
export async function preprocessCenter(
  platform: Platform,
  options: { readonly techCenter: string; readonly fromStart?: boolean },
  signal: AbortSignal,
): Promise<PipelineRun> {
  const { techCenter } = options;
  const run = startRun(platform, 'preprocess', techCenter);
  let lease: Lease;
  try {
    lease = await platform.blobs.acquireLease(`preprocess/${encodeSegment(techCenter)}`, { signal });
  } catch (error) {
    const held = isQuarterdeckError(error, 'LEASE_HELD');
    const detail = 'another run of this tech centre is under way';
    return finishRun(platform, run, held ? { skipped: true, detail } : { error }, signal);
  }
  const stop = withLimit(AbortSignal.any([signal, lease.lost]), platform.settings.PREPROCESS_DEADLINE_MS);
  const work = new CenterWork(
    platform,
    techCenter,
    attemptsUntil(platform, randomOfRun(run.runId), stop),
    stop,
  );
  try {
    await work.run(options.fromStart === true);
    return await finishRun(platform, run, { counts: work.counts() }, signal);
  } catch (error) {
    return await finishRun(platform, run, failure(platform, work, error, techCenter), signal);
  } finally {
    await lease.release();
  }
}

function failure(platform: Platform, work: CenterWork, error: unknown, techCenter: string) {
  const counts = work.counts();
  // Poisoned sources fail the run; anything else that came after stored pages leaves it a part of the work.
  if (!isQuarterdeckError(error) || error.code === 'QUARANTINE_LIMIT' || work.stored === 0)
    return { counts, error };
  const fields = { pipeline: 'preprocess', scope: techCenter } as const;
  platform.telemetry.exception(error, fields);
  platform.telemetry.metric('pipeline.run.failed', 1, { ...fields, errorCode: error.code });
  return { counts, partial: { errorCode: error.code }, detail: error.message };
}

class CenterWork {
  stored = 0;
  private read = 0;
  private quarantined = 0;
  private late = 0;
  private embedder: Embedder | undefined;
  private watermark: Watermark | undefined;
  private readonly limit: QuarantineLimit;
  private readonly summarizer: LanguageSummarizer | undefined;

  constructor(
    private readonly platform: Platform,
    private readonly techCenter: string,
    private readonly attempt: Attempts,
    private readonly signal: AbortSignal,
  ) {
    const { settings, languageModel } = platform;
    this.limit = new QuarantineLimit(settings.PREPROCESS_QUARANTINE_SHARE);
    this.summarizer =
      settings.PREPROCESS_LANGUAGE_MODEL_SUMMARY && languageModel
        ? new LanguageSummarizer(languageModel, settings.PREPROCESS_SUMMARY_TOKENS)
        : undefined;
  }

  counts(): Record<string, number> {
    return {
      read: this.read,
      stored: this.stored,
      quarantined: this.quarantined,
      late: this.late,
      retries: this.attempt.repeats(),
      ...(this.summarizer && { summaryFallbacks: this.summarizer.fallbacks }),
    };
  }

  async run(fromStart: boolean): Promise<void> {
    const { warehouse, settings, telemetry } = this.platform;
    const { techCenter } = this;
    this.watermark = await this.attempt((signal) => warehouse.watermark(techCenter, signal));
    const from = fromStart ? undefined : overlapStart(settings, this.watermark);
    if (from !== undefined) {
      const query = { techCenter, before: from, quarantineSource: preprocessQuarantineSource };
      this.late = await this.attempt((signal) => warehouse.countUnprocessedBefore(query, signal));
      telemetry.metric('preprocess.rows.late', this.late, { scope: techCenter });
    }
    const limit = settings.PREPROCESS_PAGE_SIZE;
    let after: Position | undefined;
    for (;;) {
      const query = { techCenter, from, after, quarantineSource: preprocessQuarantineSource, limit };
      const page = await this.attempt((signal) => warehouse.unprocessedIncidents(query, signal));
      if (page.length > 0) await this.processPage(page);
      if (page.length < limit) break;
      after = positionOf(page.at(-1)!);
    }
    this.limit.check();
  }

  private async processPage(page: readonly Incident[]): Promise<void> {
    const { platform, techCenter } = this;
    const { warehouse, settings, clock } = platform;
    this.read += page.length;
    const options = { tokens: settings.PREPROCESS_SUMMARY_TOKENS, summarizer: this.summarizer };
    const { prepared, poisoned: unread } = await preparePage(page, options, this.signal);
    const summaries = prepared.map(({ summary }) => summary);
    const embedded = prepared.length > 0 ? await this.embed(summaries) : [];
    const poisoned: Poisoned[] = [...unread];
    const rows: PreprocessedIncident[] = [];
    const done: Incident[] = [];
    const processedAt = toTimestamp(clock.now());
    prepared.forEach(({ incident, summary }, index) => {
      const result = embedded[index]!;
      if ('reason' in result) {
        poisoned.push({ incident, ...result });
        return;
      }
      done.push(incident);
      rows.push({
        number: incident.number,
        sysCreatedOn: incident.sysCreatedOn,
        combinedIncidentsSummary: summary,
        embedding: result.vector,
        embeddingModel: this.embedder!.model,
        techCenter,
        processedAt,
      });
    });
    this.limit.take(page.length, poisoned);
    await this.attempt((signal) => warehouse.mergePreprocessed(rows, signal));
    this.stored += rows.length;
    if (poisoned.length > 0) await this.setAside(poisoned);
    const watermark = watermarkAfter(techCenter, done, this.watermark, clock.now());
    if (watermark) {
      await this.attempt((signal) => warehouse.advanceWatermark(watermark, signal));
      this.watermark = watermark;
    }
  }

  private async embed(summaries: readonly string[]): Promise<Embedded[]> {
    const { platform } = this;
    const embedder = (this.embedder ??= await this.attempt((signal) =>
      ensureIncidentEmbedder(platform, signal),
    ));
    const embedded = await this.attempt((signal) => embedTexts(embedder, summaries, signal));
    // A service counts its own.
    if (!platform.embeddingService) {
      platform.telemetry.metric('embedding.texts', summaries.length, { model: embedder.model });
    }
    return embedded;
  }

  private async setAside(poisoned: readonly Poisoned[]): Promise<void> {
    const { warehouse, clock, telemetry } = this.platform;
    const rows = poisoned.map((row) => quarantinedRow(row, clock.now()));
    await this.attempt((signal) => warehouse.mergeQuarantined(rows, signal));
    this.quarantined += rows.length;
    for (const reasonCode of new Set(rows.map((row) => row.reasonCode))) {
      const count = rows.filter((row) => row.reasonCode === reasonCode).length;
      telemetry.metric('preprocess.rows.quarantined', count, { scope: this.techCenter, reasonCode });
    }
  }
}
