import { seededRandom, type ErrorCode, type Random } from '../../contracts';
import { checkMatrix, type Matrix } from '../../learn/matrix';
import { checkAborted, type RunControl } from '../../learn/run';
import type { AlertClusterModel, ClusterAlgorithm } from './alertClusterModel';
import { clusterCandidates } from './candidates';
import { chooseCandidate, type ScoredCandidate } from './chooseClusters';
import { drawRowNumbers, pickRows } from './drawRows';
import { intervalOfMean, scoreClusters } from './scoreClusters';

export interface AlertClusterOptions {
  readonly seed: number;
  /** Fewest rows that are clustered (MIN_CLUSTERING_SAMPLES). */
  readonly minimumSamples: number;
  readonly bootstrap?: {
    /** Samples drawn; 500 when left out. */
    readonly resamples?: number;
    /** Share of the distribution inside an interval; 0.95 when left out. */
    readonly confidence?: number;
  };
}

/** One line of the report: how a way to cluster did. */
export interface CandidateReport {
  readonly algorithm: ClusterAlgorithm;
  readonly parameters: Readonly<Record<string, number>>;
  readonly clusters: number;
  /** Undefined when fewer than two clusters came out. */
  readonly score?: number;
  readonly silhouette?: number;
  readonly noiseShare?: number;
  readonly largestShare?: number;
}

export interface AlertClusterFit {
  readonly status: 'fitted';
  readonly model: AlertClusterModel;
  readonly algorithm: ClusterAlgorithm;
  readonly parameters: Readonly<Record<string, number>>;
  readonly clusters: number;
  /** Mean silhouette of the rows that have a cluster. */
  readonly silhouette: number;
  /** Bootstrap interval of the score: the mean silhouette with rows left as noise counted as 0. */
  readonly silhouetteInterval: { readonly estimate: number; readonly lower: number; readonly upper: number };
  readonly noiseShare: number;
  /** Rows that were given, and rows that were drawn of them to fit on and to score on. */
  readonly rows: number;
  readonly fittedRows: number;
  readonly scoredRows: number;
  readonly candidates: readonly CandidateReport[];
}

/** Too few rows, or rows too much alike: nothing to learn, and no error. */
export interface AlertClusterSkip {
  readonly status: 'skipped';
  readonly code: Extract<ErrorCode, 'DATA_TOO_FEW_ROWS' | 'CLUSTERS_NOT_FOUND'>;
  readonly reason: string;
  readonly rows: number;
}

/** Rows that models are fitted on, drawn by the seed when there are more. */
const mostFittedRows = 10_000;
/** Rows that a silhouette is measured against: quadratic. */
const mostShownRows = 4_000;
/** Share of the rows that judge the candidates and are kept from them: fitted rows would flatter many small clusters. */
const judgingShare = 0.25;
/** With fewer rows all of them teach and judge. */
const fewestToPart = 100;
const defaultResamples = 500;
const defaultConfidence = 0.95;

/**
 * Learns kinds of alerts: tries K-Means and agglomerative clustering over a range of numbers of clusters, DBSCAN over
 * radii read from k-distances, and HDBSCAN, and chooses by silhouette (see `chooseCandidate`). The same rows, options
 * and seed give the same model.
 *
 * @param rows n × d, in the space of the features' scaler and principal components; outliers left out.
 * @throws DATA_RAGGED, DATA_NOT_FINITE, ABORTED. Fewer than `minimumSamples` rows, or rows that are all alike, are no
 * error: the answer says `skipped` with a code.
 */
export async function fitAlertClusters(
  rows: Matrix,
  options: AlertClusterOptions,
  control: RunControl = {},
): Promise<AlertClusterFit | AlertClusterSkip> {
  checkAborted(control);
  const needed = Math.max(2, options.minimumSamples);
  if (rows.n < needed) {
    const reason = `${rows.n} alerts, at least ${needed} are needed to tell kinds apart`;
    return { status: 'skipped', code: 'DATA_TOO_FEW_ROWS', reason, rows: rows.n };
  }
  const alike: AlertClusterSkip = {
    status: 'skipped',
    code: 'CLUSTERS_NOT_FOUND',
    reason: 'the alerts are too much alike to tell kinds apart',
    rows: rows.n,
  };
  if (rows.d === 0) return alike;
  checkMatrix(rows);
  const random = seededRandom(options.seed);
  const intervals = {
    resamples: options.bootstrap?.resamples ?? defaultResamples,
    confidence: options.bootstrap?.confidence ?? defaultConfidence,
  };
  const { fitRows, shown, judging } = splitRows(rows, random);
  const candidates: CandidateReport[] = [];
  const scored: ScoredCandidate[] = [];
  for await (const candidate of clusterCandidates(fitRows, random, control)) {
    const { model, parameters } = candidate;
    const { cluster } = model.predict(shown);
    const score = await scoreClusters(shown, cluster, judging, control);
    const line = { algorithm: model.algorithm, parameters, clusters: model.clusters };
    if (!score) {
      candidates.push(line);
      continue;
    }
    const { mean, silhouette, noiseShare, largestShare } = score;
    candidates.push({ ...line, score: mean, silhouette, noiseShare, largestShare });
    scored.push({ ...candidate, score });
  }
  if (scored.length === 0) return alike;
  const { model, parameters, score } = chooseCandidate(scored, random, intervals);
  const { estimate, lower, upper } = intervalOfMean(score.ofRow, random.fork('interval'), intervals);
  return {
    status: 'fitted',
    model,
    algorithm: model.algorithm,
    parameters,
    clusters: model.clusters,
    silhouette: score.silhouette,
    silhouetteInterval: { estimate, lower, upper },
    noiseShare: score.noiseShare,
    rows: rows.n,
    fittedRows: fitRows.n,
    scoredRows: judging.length,
    candidates,
  };
}

/** Rows to fit on, rows to show the fitted, and which of these judge. */
function splitRows(rows: Matrix, random: Random): { fitRows: Matrix; shown: Matrix; judging: Int32Array } {
  const drawn = drawRowNumbers(rows.n, mostFittedRows, random.fork('fit'));
  if (drawn.length < fewestToPart) {
    const all = pickRows(rows, drawn);
    return { fitRows: all, shown: all, judging: Int32Array.from(drawn.keys()) };
  }
  const shownRows = drawRowNumbers(drawn.length, mostShownRows, random.fork('shown'));
  const judging = drawRowNumbers(
    shownRows.length,
    Math.round(judgingShare * shownRows.length),
    random.fork('judging'),
  );
  const kept = new Set(Array.from(judging, (index) => shownRows[index]!));
  return {
    fitRows: pickRows(
      rows,
      drawn.filter((_, index) => !kept.has(index)),
    ),
    shown: pickRows(
      rows,
      shownRows.map((index) => drawn[index]!),
    ),
    judging,
  };
}
