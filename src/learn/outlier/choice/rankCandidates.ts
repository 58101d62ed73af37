import { correlation, shareRanks } from '../ranks';
import type { Fault } from './injectFaults';

/** What is known of a candidate without labels. */
export interface CandidateEvidence {
  readonly name: string;
  /** Average precision in finding planted faults of each kind. */
  readonly byFault: Readonly<Partial<Record<Fault, number>>>;
  /** Scores of the held-back rows as they are. */
  readonly heldScores: Float64Array;
  /** Threshold from the rows it was fitted on. */
  readonly threshold: number;
}

export interface JudgedCandidate {
  readonly name: string;
  /** Mean of its ranks by planted faults found, by agreement and by alarms; 1 is the best. */
  readonly meanRank: number;
  /** Mean over the kinds of planted faults of the average precision in finding them. */
  readonly faultScore: number;
  readonly byFault: Readonly<Partial<Record<Fault, number>>>;
  /** Mean rank correlation of its scores of the held-back rows with the other candidates'. */
  readonly agreement: number;
  /** Share of the held-back rows above its threshold; what exceeds the contamination is false or drift. */
  readonly alarmShare: number;
}

/**
 * Puts candidates in order by the mean of their ranks in three respects (Borda's count; Goswami et al. 2023 find
 * such aggregates of weak criteria ahead of each of them): planted faults found, agreement with the others, and
 * alarms among later normal rows no more frequent than asked for.
 * @returns best first.
 */
export function rankCandidates(
  evidence: readonly CandidateEvidence[],
  contamination: number,
): JudgedCandidate[] {
  const heldRanks = evidence.map(({ heldScores }) => shareRanks(heldScores));
  const figures = evidence.map(({ name, byFault, heldScores, threshold }, at) => {
    const precisions = Object.values(byFault);
    const others = heldRanks.filter((_, other) => other !== at);
    return {
      name,
      byFault,
      faultScore: mean(precisions),
      agreement: others.length > 0 ? mean(others.map((other) => correlation(heldRanks[at]!, other))) : 1,
      alarmShare: heldScores.filter((score) => score > threshold).length / heldScores.length,
    };
  });
  const orders = [
    faultRanks(evidence),
    ranksOf(figures.map(({ agreement }) => -agreement)),
    ranksOf(figures.map(({ alarmShare }) => Math.max(contamination, alarmShare))),
  ];
  return figures
    .map((candidate, at) => ({ ...candidate, meanRank: mean(orders.map((ranks) => ranks[at]!)) }))
    .sort((a, b) => a.meanRank - b.meanRank || b.faultScore - a.faultScore);
}

/** Each kind of fault has its own order, so that those which all find easily do not decide alone. */
function faultRanks(evidence: readonly CandidateEvidence[]): number[] {
  const kinds = Object.keys(evidence[0]!.byFault) as Fault[];
  const byKind = kinds.map((kind) => ranksOf(evidence.map(({ byFault }) => -byFault[kind]!)));
  return ranksOf(evidence.map((_, at) => mean(byKind.map((ranks) => ranks[at]!))));
}

/** Ranks from 1 (the smallest) up; equal values share their mean rank. */
function ranksOf(values: readonly number[]): number[] {
  const shares = shareRanks(Float64Array.from(values));
  return Array.from(shares, (share) => (values.length > 1 ? 1 + share * (values.length - 1) : 1));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
