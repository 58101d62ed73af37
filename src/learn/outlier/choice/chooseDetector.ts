import type { Random } from '../../../contracts';
import { checkMatrix, matrix, type Matrix } from '../../matrix';
import { breathe, type RunControl } from '../../run';
import { averagePrecision } from '../../score';
import type { Detector, FittedDetector } from '../detector';
import { injectFault, pointFaults, seriesFaults, type Fault, type Injection } from './injectFaults';
import { rankCandidates, type CandidateEvidence, type JudgedCandidate } from './rankCandidates';

/** A detector that may be chosen, with the options it would be fitted with. */
export interface Candidate {
  readonly name: string;
  readonly detector: Detector;
  readonly options: object;
}

export interface DetectorChoice {
  readonly chosen: string;
  /** The detector whose scores are combined with the chosen one's, where there is one. */
  readonly anchor?: string;
  /** Sentences for people. */
  readonly reasons: readonly string[];
  /** Best first. */
  readonly candidates: readonly JudgedCandidate[];
}

export interface ChoiceOptions {
  /** Whether the rows are consecutive in time. */
  readonly ordered: boolean;
  /** Most rows that candidates are fitted on to be judged; half as many are held back. */
  readonly judgedRows: number;
  readonly contamination: number;
  /** Candidate that is combined with whatever is chosen, and so not chosen itself. */
  readonly anchor?: string;
}

/** Candidates are fitted on rows of the earlier part and judged on rows of the last. */
const fittedShare = 0.5;
const heldShare = 0.25;

interface PlantedFault extends Injection {
  readonly fault: Fault;
}

/**
 * Judges candidates on unlabelled rows: each is fitted on early rows and asked about late ones, with faults planted
 * into copies of them and as they are. Between the two lies what time does to normal rows, as it will in use.
 * @throws DATA_EMPTY, DATA_NOT_FINITE, ABORTED, and what fitting a candidate throws.
 */
export async function chooseDetector(
  data: Matrix,
  candidates: readonly Candidate[],
  { ordered, judgedRows, contamination, anchor }: ChoiceOptions,
  random: Random,
  run?: RunControl,
): Promise<DetectorChoice> {
  checkMatrix(data);
  const fittedRows = Math.max(1, Math.min(judgedRows, Math.ceil(data.n * fittedShare)));
  const heldRows = Math.max(1, Math.min(Math.ceil(judgedRows / 2), Math.floor(data.n * heldShare)));
  const early = rowsFrom(data, 0, fittedRows);
  const held = rowsFrom(data, data.n - heldRows, heldRows);
  const faults: readonly Fault[] = ordered ? seriesFaults : pointFaults;
  const planted = faults.map((fault) => ({
    fault,
    ...injectFault(held, fault, ordered, random.fork(fault)),
  }));
  const evidence: CandidateEvidence[] = [];
  for (const [at, { name, detector, options }] of candidates.entries()) {
    run?.onProgress?.({ stage: 'candidates', done: at, total: candidates.length });
    await breathe(run);
    const quiet = run && { ...run, onProgress: () => undefined };
    const fitted = await detector.fit(early, options, random.fork(`candidate ${name}`), quiet);
    evidence.push(await gather(name, fitted, held, planted, run));
  }
  const ranked = rankCandidates(evidence, contamination);
  const chosen = ranked.find(({ name }) => name !== anchor) ?? ranked[0]!;
  const anchored = ranked.some(({ name }) => name === anchor) && chosen.name !== anchor;
  const reasons = reasonsFor(chosen, ranked, { fittedRows, heldRows, contamination });
  if (!anchored) return { chosen: chosen.name, reasons, candidates: ranked };
  reasons.push(`its scores are averaged with those of ${anchor}, so that a wrong choice costs half`);
  return { chosen: chosen.name, anchor: anchor!, reasons, candidates: ranked };
}

async function gather(
  name: string,
  fitted: FittedDetector,
  held: Matrix,
  planted: readonly PlantedFault[],
  run: RunControl | undefined,
): Promise<CandidateEvidence> {
  const byFault: Partial<Record<Fault, number>> = {};
  for (const { fault, data, labels } of planted) {
    await breathe(run);
    byFault[fault] = averagePrecision(fitted.score(data), labels);
  }
  return { name, byFault, heldScores: fitted.score(held), threshold: fitted.threshold };
}

function reasonsFor(
  chosen: JudgedCandidate,
  ranked: readonly JudgedCandidate[],
  { fittedRows, heldRows, contamination }: { fittedRows: number; heldRows: number; contamination: number },
): string[] {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const reasons = [
    `fitted on ${fittedRows} early rows and asked about ${heldRows} late ones, it has the mean rank ${chosen.meanRank.toFixed(1)} among ${ranked.length} candidates`,
    `it ranks faults planted into the late rows with a mean average precision of ${chosen.faultScore.toFixed(3)}, ${bestAndWorst(chosen)}`,
    `its scores of the late rows have a mean rank correlation of ${chosen.agreement.toFixed(2)} with the other candidates'`,
    `it calls ${percent(chosen.alarmShare)} of the late rows anomalies, where ${percent(contamination)} are expected`,
  ];
  const next = ranked.find(({ name }) => name !== chosen.name);
  if (next) reasons.push(`next to it is ${next.name} with the mean rank ${next.meanRank.toFixed(1)}`);
  return reasons;
}

function bestAndWorst({ byFault }: JudgedCandidate): string {
  const order = Object.entries(byFault).sort(([, a], [, b]) => b - a);
  const shown = ([fault, value]: [string, number]): string => `${fault} (${value.toFixed(2)})`;
  return `best at ${shown(order[0]!)}, worst at ${shown(order[order.length - 1]!)}`;
}

function rowsFrom({ values, d }: Matrix, first: number, rows: number): Matrix {
  return matrix(values.subarray(first * d, (first + rows) * d), rows, d);
}
