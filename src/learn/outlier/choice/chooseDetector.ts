import type { Random } from '../../../contracts';
import { checkMatrix, matrix, type Matrix } from '../../matrix';
import { breathe, type RunControl } from '../../run';
import { averagePrecision } from '../../score';
import type { Detector } from '../detector';
import { correlation, shareRanks } from '../ranks';
import { injectFault, pointFaults, seriesFaults, type Fault } from './injectFaults';

/** A detector that may be chosen, with the options it would be fitted with. */
export interface Candidate {
  readonly name: string;
  readonly detector: Detector;
  readonly options: object;
}

export interface JudgedCandidate {
  readonly name: string;
  /** Mean over the kinds of planted faults of the average precision in finding them. */
  readonly score: number;
  readonly byFault: Readonly<Partial<Record<Fault, number>>>;
  /** Mean rank correlation with the other candidates' scores of rows as they are. */
  readonly agreement: number;
}

export interface DetectorChoice {
  readonly chosen: string;
  /** Sentences for people. */
  readonly reasons: readonly string[];
  /** Best first. */
  readonly candidates: readonly JudgedCandidate[];
}

export interface ChoiceOptions {
  /** Whether the rows are consecutive in time. */
  readonly ordered: boolean;
  /** Latest rows that candidates are judged on. */
  readonly judgedRows: number;
}

/** Share of the judged rows that faults are planted in; candidates are fitted on the rows before. */
const heldShare = 0.3;
/** Copies with faults of each kind. */
const draws = 2;
/** Candidates so close in score are told apart by how far others agree with them. */
const tie = 0.01;

/**
 * Judges candidates on unlabelled rows: each is fitted on the earlier part, and asked to find faults planted into
 * copies of the later part.
 * @throws DATA_EMPTY, DATA_TOO_FEW_ROWS, DATA_NOT_FINITE, ABORTED.
 */
export async function chooseDetector(
  data: Matrix,
  candidates: readonly Candidate[],
  { ordered, judgedRows }: ChoiceOptions,
  random: Random,
  run?: RunControl,
): Promise<DetectorChoice> {
  checkMatrix(data);
  const judged = lastRows(data, judgedRows);
  const heldRows = Math.max(1, Math.floor(judged.n * heldShare));
  const earlier = matrix(
    judged.values.subarray(0, (judged.n - heldRows) * data.d),
    judged.n - heldRows,
    data.d,
  );
  const held = lastRows(judged, heldRows);
  const faults: readonly Fault[] = ordered ? seriesFaults : pointFaults;
  const injections = faults.flatMap((fault) =>
    Array.from({ length: draws }, (_, draw) => ({
      fault,
      ...injectFault(held, fault, ordered, random.fork(`${fault} ${draw}`)),
    })),
  );
  const results: { name: string; byFault: Partial<Record<Fault, number>>; ranks: Float64Array }[] = [];
  for (const [at, { name, detector, options }] of candidates.entries()) {
    run?.onProgress?.({ stage: 'candidates', done: at, total: candidates.length });
    await breathe(run);
    const inner = run && { ...run, onProgress: () => undefined };
    const fitted = await detector.fit(earlier, options, random.fork(`candidate ${name}`), inner);
    const byFault: Partial<Record<Fault, number>> = {};
    for (const { fault, data: faulty, labels } of injections) {
      await breathe(run);
      byFault[fault] = (byFault[fault] ?? 0) + averagePrecision(fitted.score(faulty), labels) / draws;
    }
    results.push({ name, byFault, ranks: shareRanks(fitted.score(held)) });
  }
  const judgements = results.map(({ name, byFault, ranks }) => {
    const values = Object.values(byFault);
    const others = results.filter((other) => other.name !== name);
    return {
      name,
      byFault,
      score: values.reduce((sum, value) => sum + value, 0) / values.length,
      agreement: others.length
        ? others.reduce((sum, other) => sum + correlation(ranks, other.ranks), 0) / others.length
        : 1,
    };
  });
  return conclude(judgements, heldRows, earlier.n);
}

function conclude(
  judgements: readonly JudgedCandidate[],
  heldRows: number,
  fittedRows: number,
): DetectorChoice {
  const byScore = [...judgements].sort((a, b) => b.score - a.score);
  const close = byScore.filter(({ score }) => byScore[0]!.score - score <= tie);
  const chosen = close.reduce((best, other) => (other.agreement > best.agreement ? other : best));
  const candidates = [chosen, ...byScore.filter((candidate) => candidate !== chosen)];
  const [strongest, weakest] = extremes(chosen);
  const reasons = [
    `fitted on ${fittedRows} rows, it ranks faults planted into the ${heldRows} rows after them with a mean average precision of ${chosen.score.toFixed(3)}`,
    `best at ${strongest}, worst at ${weakest}`,
  ];
  const next = candidates[1];
  if (next) reasons.push(`next is ${next.name} with ${next.score.toFixed(3)}`);
  if (close.length > 1) {
    reasons.push(
      `${close.length} candidates are within ${tie} of the best; other detectors agree with it most (rank correlation ${chosen.agreement.toFixed(2)})`,
    );
  }
  return { chosen: chosen.name, reasons, candidates };
}

function extremes({ byFault }: JudgedCandidate): [string, string] {
  const order = Object.entries(byFault).sort(([, a], [, b]) => b - a);
  const shown = ([fault, value]: [string, number]): string => `${fault} (${value.toFixed(2)})`;
  return [shown(order[0]!), shown(order[order.length - 1]!)];
}

function lastRows({ values, n, d }: Matrix, count: number): Matrix {
  const rows = Math.min(n, count);
  return matrix(values.subarray((n - rows) * d), rows, d);
}
