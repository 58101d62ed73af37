import { createHash } from 'node:crypto';
import { z } from 'zod';
import { timestampMs, toTimestamp } from '../../../contracts';
import { chiSquareOfTable, SequentialTest } from '../../../learn/experiment';
import type { ScoreOutcome } from '../../../platform/warehouse/anomalyOperations';
import { modelReferenceSchema, type ModelReference } from '../../../registry';

const armSchema = z.object({
  /** Judged rows that count: the first of each instance and hour. */
  outcomes: z.number().int(),
  /** Of them, those whose label people agreed with. */
  correct: z.number().int(),
  accuracy: z.number().nullable(),
});

export const experimentReportSchema = z.object({
  id: z.string(),
  champion: modelReferenceSchema,
  challenger: modelReferenceSchema,
  startedAt: z.string(),
  reportedAt: z.string(),
  arms: z.object({ champion: armSchema, challenger: armSchema }),
  /** Accuracy of the challenger less that of the champion, with an interval that holds at every look. */
  effect: z.object({ difference: z.number(), low: z.number(), high: z.number() }),
  /** Always valid: may be looked at as often as one likes. */
  sequentialP: z.number(),
  /** As if there were this one look only; for the record, nothing is decided by it. */
  chiSquare: z.object({ statistic: z.number(), p: z.number() }),
  decision: z.enum(['running', 'challenger', 'champion', 'no-difference']),
  why: z.string(),
});
export type ExperimentReport = z.infer<typeof experimentReportSchema>;

export interface Experiment {
  readonly champion: ModelReference;
  readonly challenger: ModelReference;
  readonly startedAt: string;
}

export function experimentId({ champion, challenger, startedAt }: Experiment): string {
  const text = JSON.stringify([champion, challenger, startedAt]);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/**
 * Champion against challenger on rows that people have judged. Neighbouring minutes of an instance are one event seen
 * many times, so of each instance and hour the row judged first counts and no other: what has counted once never
 * changes, which the sequential test needs.
 * @param outcomes in the order in which the verdicts came
 * @param hours after which there is a decision anyway
 */
export function reportExperiment(
  experiment: Experiment,
  outcomes: readonly ScoreOutcome[],
  nowMs: number,
  hours: number,
): ExperimentReport {
  const test = new SequentialTest();
  const arms = { champion: { outcomes: 0, correct: 0 }, challenger: { outcomes: 0, correct: 0 } };
  const seen = new Set<string>();
  for (const outcome of outcomes) {
    const arm = armOf(experiment, outcome);
    const hour = `${arm} ${outcome.instance} ${outcome.at.slice(0, 13)}`;
    if (!arm || seen.has(hour)) continue;
    seen.add(hour);
    const correct = Number(outcome.label === outcome.verdict);
    arms[arm].outcomes += 1;
    arms[arm].correct += correct;
    test.add(arm === 'champion' ? 'first' : 'second', correct);
  }
  const { difference, low, high, p, significant } = test.state;
  const ranHours = (nowMs - timestampMs(experiment.startedAt)) / 3_600_000;
  const decision = significant
    ? difference > 0
      ? 'challenger'
      : 'champion'
    : ranHours >= hours
      ? 'no-difference'
      : 'running';
  const { statistic, p: chiSquareP } = chiSquareOfTable(trialsOf(arms.champion), trialsOf(arms.challenger));
  return {
    ...experiment,
    id: experimentId(experiment),
    reportedAt: toTimestamp(nowMs),
    arms: { champion: described(arms.champion), challenger: described(arms.challenger) },
    effect: { difference, low, high },
    sequentialP: p,
    chiSquare: { statistic, p: chiSquareP },
    decision,
    why: reasonOf(decision, arms, ranHours),
  };
}

interface Arm {
  outcomes: number;
  correct: number;
}

function armOf(experiment: Experiment, outcome: ScoreOutcome): 'champion' | 'challenger' | undefined {
  if (outcome.role === 'named') return undefined;
  const is = ({ model, version }: ModelReference): boolean =>
    outcome.model === model && outcome.modelVersion === version;
  if (is(experiment.champion)) return 'champion';
  return is(experiment.challenger) ? 'challenger' : undefined;
}

function trialsOf({ outcomes, correct }: Arm): { trials: number; successes: number } {
  return { trials: outcomes, successes: correct };
}

function described({ outcomes, correct }: Arm): ExperimentReport['arms']['champion'] {
  return { outcomes, correct, accuracy: outcomes === 0 ? null : correct / outcomes };
}

function reasonOf(
  decision: ExperimentReport['decision'],
  { champion, challenger }: { champion: Arm; challenger: Arm },
  ranHours: number,
): string {
  const counts = `${champion.outcomes} and ${challenger.outcomes} judged events in ${ranHours.toFixed(1)} h`;
  return `${sentences[decision]}: ${counts}`;
}

const sentences: Readonly<Record<ExperimentReport['decision'], string>> = {
  challenger: 'the challenger is right more often, beyond chance at every look',
  champion: 'the champion is right more often, beyond chance at every look',
  'no-difference': 'time is over without a difference beyond chance, so the champion stays',
  running: 'no difference beyond chance yet',
};
