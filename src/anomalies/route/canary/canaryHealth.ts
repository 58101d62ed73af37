import { z } from 'zod';
import { isQuarterdeckError } from '../../../contracts';
import type { Platform } from '../../../platform/platform';
import { readState, type StateBlob } from '../stateBlob';
import { addRequest, addScores, armHealthSchema, emptyArm, sumOfArms, type ArmHealth } from './armHealth';

/** Both sides of one stage. */
export const stageHealthSchema = z.object({ champion: armHealthSchema, candidate: armHealthSchema });
export type StageHealth = z.infer<typeof stageHealthSchema>;

type HealthPlatform = Pick<Platform, 'blobs' | 'clock' | 'telemetry' | 'newId'>;
type Stage = { readonly id: string; readonly stage: number };

/** How often a process writes down what it has counted, at most. */
const flushEveryMs = 5_000;
const flushLimitMs = 10_000;

const folder = (id: string): string => `monitoring/anomaly/canary/${id}/`;
const blobOf = (name: string): StateBlob<StageHealth> => ({ name, schema: stageHealthSchema });

/**
 * Counts how the requests of a canary fare, in this process, and writes the counts into a blob of its own per stage, so
 * that whoever steps the canary sees those of all processes, and of those that have ended.
 */
export class CanaryHealth {
  readonly #process: string;
  /** By stage: a slow request of the stage before still ends while the next one is counted. */
  readonly #stages = new Map<string, { readonly counts: StageHealth; dirty: boolean }>();
  #flushedAtMs = 0;
  #flushing: Promise<void> | undefined;

  constructor(private readonly platform: HealthPlatform) {
    this.#process = platform.newId();
  }

  request(stage: Stage, arm: keyof StageHealth, latencyMs: number, failed: boolean): void {
    addRequest(this.#countsOf(stage)[arm], latencyMs, failed);
    this.#changed();
  }

  /** Scores of rows that both sides have scored, so that the two can be held against each other. */
  scores(stage: Stage, champion: Float32Array, candidate: Float32Array): void {
    const counts = this.#countsOf(stage);
    addScores(counts.champion, champion);
    addScores(counts.candidate, candidate);
    this.#changed();
  }

  /** Writes what is not written yet. Throws STORAGE_UNAVAILABLE. */
  async flush(): Promise<void> {
    await this.#flushing;
    await this.#write();
  }

  /** Of the stage, to be written down. */
  #countsOf(stage: Stage): StageHealth {
    const name = `${folder(stage.id)}${stage.stage}/${this.#process}.json`;
    const known = this.#stages.get(name);
    if (known) {
      known.dirty = true;
      return known.counts;
    }
    // A canary is one at a time: of an earlier one only what is not written yet is of use.
    for (const [other, { dirty }] of this.#stages) {
      if (!dirty && !other.startsWith(folder(stage.id))) this.#stages.delete(other);
    }
    const counts = { champion: emptyArm(), candidate: emptyArm() };
    this.#stages.set(name, { counts, dirty: true });
    return counts;
  }

  #changed(): void {
    const { clock, telemetry } = this.platform;
    if (this.#flushing || clock.monotonic() - this.#flushedAtMs < flushEveryMs) return;
    this.#flushing = this.#write()
      .catch((error: unknown) => telemetry.exception(error, { writing: 'canary health' }))
      .finally(() => {
        this.#flushing = undefined;
      });
  }

  async #write(): Promise<void> {
    this.#flushedAtMs = this.platform.clock.monotonic();
    for (const [name, stage] of this.#stages) {
      if (!stage.dirty) continue;
      const bytes = new TextEncoder().encode(JSON.stringify(stage.counts));
      stage.dirty = false;
      try {
        await this.platform.blobs.write(name, bytes, {
          contentType: 'application/json',
          signal: AbortSignal.timeout(flushLimitMs),
        });
      } catch (error) {
        stage.dirty = true;
        throw error;
      }
    }
  }
}

export interface CanaryEvidence {
  /** Of the stage under way: requests, errors and latencies. */
  readonly stage: StageHealth;
  /** Of all stages: scores of the same rows by both sides. */
  readonly scores: { readonly champion: readonly number[]; readonly candidate: readonly number[] };
}

/** What all processes have counted for a canary. A blob that cannot be read is told of and left out. */
export async function readEvidence(
  platform: Pick<Platform, 'blobs' | 'telemetry'>,
  { id, stage }: Stage,
  signal: AbortSignal,
): Promise<CanaryEvidence> {
  const stages: { stage: number; health: StageHealth }[] = [];
  for await (const { name } of platform.blobs.list(folder(id), signal)) {
    const of = /^(\d+)\//.exec(name.slice(folder(id).length))?.[1];
    if (of === undefined) continue;
    try {
      const found = await readState(platform, blobOf(name), signal);
      if (found) stages.push({ stage: Number(of), health: found.state });
    } catch (error) {
      if (!isQuarterdeckError(error, 'MODEL_CORRUPT')) throw error;
      platform.telemetry.exception(error, { blob: name });
    }
  }
  const sum = (arm: keyof StageHealth, only?: number): ArmHealth =>
    sumOfArms(
      stages.filter((entry) => only === undefined || entry.stage === only).map(({ health }) => health[arm]),
    );
  return {
    stage: { champion: sum('champion', stage), candidate: sum('candidate', stage) },
    scores: { champion: sum('champion').scores, candidate: sum('candidate').scores },
  };
}
