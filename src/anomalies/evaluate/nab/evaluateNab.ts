import { EpisodeGate } from '../../../learn/outlier/statistical/novelty/episodeGate';
import { NoveltyStream } from '../../../learn/outlier/statistical/novelty/noveltyStream';
import { breathe, type RunControl } from '../../../learn/run';
import type { NabProfile, NabSeries } from './corpus';
import { pointWeights, probationLength } from './pointWeights';
import { scoreNab, scoreNabFile, type NabScore } from './scoreCorpus';

/** One setting for every series of the benchmark. */
export interface NabSetting {
  /** Values remembered by each view of a series. */
  readonly memory: number;
  /** Score from which a point begins an alarm. */
  readonly level: number;
  /** Rest after an alarm, as a share of the probation. */
  readonly restShare: number;
}

export const defaultNabSetting: NabSetting = { memory: 8_192, level: 0.94, restShare: 0.2 };

export interface NabEvaluation {
  readonly points: number;
  readonly pointsPerSecond: number;
  /** In the order of the profiles given. */
  readonly scores: readonly NabScore[];
  /**
   * The first profile with the level chosen on every other file and measured on the rest, both ways round: what of
   * the score is not owed to having seen the labels.
   */
  readonly heldOutScore: number;
}

/**
 * Runs the novelty stream over every series, one point at a time: it knows a point's value and time, and how long the
 * probation is. No label is read before the scoring.
 * @param nowMs for the speed.
 */
export async function evaluateNab(
  series: readonly NabSeries[],
  profiles: readonly NabProfile[],
  nowMs: () => number,
  setting: NabSetting = defaultNabSetting,
  run?: RunControl,
): Promise<NabEvaluation> {
  const raw: Float64Array[] = [];
  let spentMs = 0;
  for (const one of series) {
    const startedMs = nowMs();
    raw.push(noveltyScores(one, setting.memory));
    spentMs += nowMs() - startedMs;
    run?.onProgress?.({ stage: one.path, done: raw.length, total: series.length });
    await breathe(run);
  }
  const points = series.reduce((sum, { values }) => sum + values.length, 0);
  const gated = gateAll(series, raw, setting);
  return {
    points,
    pointsPerSecond: (1000 * points) / Math.max(spentMs, 1),
    scores: profiles.map((profile) => scoreNab(series, gated, profile)),
    heldOutScore: heldOut(series, raw, profiles[0]!, setting),
  };
}

const dayMs = 86_400_000;

function noveltyScores({ values, timesMs }: NabSeries, memory: number): Float64Array {
  const stream = new NoveltyStream({ learningLength: probationLength(values.length), memory });
  return values.map((value, at) => stream.update(value, (timesMs[at]! / dayMs) % 1));
}

function gateAll(
  series: readonly NabSeries[],
  raw: readonly Float64Array[],
  { level, restShare }: NabSetting,
): Float64Array[] {
  return series.map(({ values }, index) => {
    const gate = new EpisodeGate(level, Math.floor(restShare * probationLength(values.length)));
    return raw[index]!.map((score) => gate.pass(score));
  });
}

/** Levels tried on one half of the files. */
const levelsTried = Array.from({ length: 36 }, (_, at) => 0.6 + 0.02 * at);

function heldOut(
  series: readonly NabSeries[],
  raw: readonly Float64Array[],
  profile: NabProfile,
  setting: NabSetting,
): number {
  const weights = series.map((one) => pointWeights(one, profile));
  const byLevel = levelsTried.map((level) => {
    const gated = gateAll(series, raw, { ...setting, level });
    return series.map((one, file) => scoreNabFile(one, gated[file]!, weights[file]!, profile, level).score);
  });
  const half = (scores: readonly number[], parity: number): number =>
    scores.reduce((sum, score, file) => (file % 2 === parity ? sum + score : sum), 0);
  const total = [0, 1].reduce((sum, parity) => {
    const chosen = byLevel.reduce((best, scores) =>
      half(scores, 1 - parity) > half(best, 1 - parity) ? scores : best,
    );
    return sum + half(chosen, parity);
  }, 0);
  const windows = series.reduce((sum, one) => sum + one.windows.length, 0);
  const silent = -windows * profile.falseNegativeWeight;
  return (100 * (total - silent)) / (windows * profile.truePositiveWeight - silent);
}
