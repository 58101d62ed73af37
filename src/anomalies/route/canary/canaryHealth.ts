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
  #stage: Stage | undefined;
  #counts: StageHealth = { champion: emptyArm(), candidate: emptyArm() };
  #dirty = false;
  #flushedAtMs = 0;
  #flushing: Promise<void> | undefined;

  constructor(private readonly platform: HealthPlatform) {
    this.#process = platform.newId();
  }

  request(stage: Stage, arm: keyof StageHealth, latencyMs: number, failed: boolean): void {
    addRequest(this.#armOf(stage, arm), latencyMs, failed);
    this.#changed();
  }

  /** Scores of rows that both sides have scored, so that the two can be held against each other. */
  scores(stage: Stage, champion: Float32Array, candidate: Float32Array): void {
    addScores(this.#armOf(stage, 'champion'), champion);
    addScores(this.#armOf(stage, 'candidate'), candidate);
    this.#changed();
  }

  /** Writes what is not written yet. Throws STORAGE_UNAVAILABLE. */
  async flush(): Promise<void> {
    await this.#flushing;
    if (this.#dirty) await this.#write();
  }

  #armOf(stage: Stage, arm: keyof StageHealth): ArmHealth {
    const known = this.#stage;
    if (known?.id !== stage.id || known.stage !== stage.stage) {
      this.#stage = stage;
      this.#counts = { champion: emptyArm(), candidate: emptyArm() };
    }
    return this.#counts[arm];
  }

  #changed(): void {
    this.#dirty = true;
    const { clock, telemetry } = this.platform;
    if (this.#flushing || clock.monotonic() - this.#flushedAtMs < flushEveryMs) return;
    this.#flushing = this.#write()
      .catch((error: unknown) => telemetry.exception(error, { writing: 'canary health' }))
      .finally(() => {
        this.#flushing = undefined;
      });
  }

  async #write(): Promise<void> {
    const stage = this.#stage;
    if (!stage) return;
    this.#dirty = false;
    this.#flushedAtMs = this.platform.clock.monotonic();
    const name = `${folder(stage.id)}${stage.stage}/${this.#process}.json`;
    const bytes = new TextEncoder().encode(JSON.stringify(this.#counts));
    await this.platform.blobs.write(name, bytes, {
      contentType: 'application/json',
      signal: AbortSignal.timeout(flushLimitMs),
    });
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
