import { isQuarterdeckError, QuarterdeckError, seededRandom } from '../../../contracts';
import { detectorByName, detectors, type DetectorChoice, type FittedAuto } from '../../../learn/outlier';
import { checkAborted, type RunControl } from '../../../learn/run';
import { averagePrecision, bestF1 } from '../../../learn/score';
import { readLabelledSeries, type LabelledSeries } from './labelledSeries';
import { findMachines } from './machineFiles';

/** How well a detector ranks the rows of one series, row by row: labels are taken as they are, without adjustment. */
export interface SeriesFigures {
  /** Average precision. */
  readonly aucPr: number;
  /** F1 at the threshold that is best for this series: what the ranking allows. */
  readonly bestF1: number;
  readonly fitSeconds: number;
  readonly scoreSeconds: number;
  /** Which detector was taken and why, for `auto`. */
  readonly choice?: DetectorChoice;
}

export interface DetectorFigures {
  readonly meanAucPr: number;
  readonly meanBestF1: number;
  readonly series: Readonly<Record<string, SeriesFigures>>;
}

export interface DetectorEvaluation {
  readonly seed: number;
  readonly series: readonly string[];
  /** Series that could not be read, and detectors that could not be fitted to one. */
  readonly skipped: readonly {
    readonly series: string;
    readonly detector?: string;
    readonly reason: string;
  }[];
  readonly detectors: Readonly<Record<string, DetectorFigures>>;
  /** The same as `detectors.auto`. */
  readonly auto?: DetectorFigures;
}

export interface DetectorEvaluationOptions {
  /** Names of the detectors to judge; all that are quick at a series' width, and `auto`, when left out. */
  readonly detectors?: readonly string[];
  readonly seed: number;
}

/** Detectors that need another's name to be of use are judged through `auto`. */
const judgedWithin = new Set(['smoothed']);

/**
 * Fits detectors on the unlabelled training part of every series of a folder, scores the test part, and only then
 * looks at the labels. No point adjustment.
 * @throws NOT_FOUND for a folder, a detector or when no series can be read; ABORTED.
 */
export async function evaluateDetectors(
  folder: string,
  options: DetectorEvaluationOptions,
  run?: RunControl,
): Promise<DetectorEvaluation> {
  const names = options.detectors ?? [...detectors.keys()].filter((name) => !judgedWithin.has(name));
  names.forEach(detectorByName);
  const skipped: { series: string; detector?: string; reason: string }[] = [];
  const figures = new Map<string, Record<string, SeriesFigures>>(names.map((name) => [name, {}]));
  const read: string[] = [];
  const machines = await findMachines(folder);
  for (const [at, machine] of machines.entries()) {
    checkAborted(run);
    let series: LabelledSeries;
    try {
      series = await readLabelledSeries(machine, run?.signal);
    } catch (error) {
      skipped.push({ series: machine.name, reason: reasonOf(error) });
      continue;
    }
    read.push(series.name);
    for (const [done, name] of names.entries()) {
      run?.onProgress?.({
        stage: `${series.name} ${name}`,
        done: at * names.length + done,
        total: machines.length * names.length,
      });
      const most = options.detectors ? undefined : detectors.get(name)!.mostColumns;
      if (most !== undefined && series.columns.length > most) {
        const reason = `takes minutes on ${series.columns.length} columns; judged when asked for by name`;
        skipped.push({ series: series.name, detector: name, reason });
        continue;
      }
      try {
        figures.get(name)![series.name] = await judge(name, series, options.seed, run);
      } catch (error) {
        skipped.push({ series: series.name, detector: name, reason: reasonOf(error) });
      }
    }
  }
  if (read.length === 0) {
    const reasons = skipped.map(({ reason }) => reason).join('; ');
    throw new QuarterdeckError('NOT_FOUND', `no series of ${folder} can be judged: ${reasons}`, {
      culprit: { folder },
    });
  }
  const judged: Record<string, DetectorFigures> = {};
  for (const [name, series] of figures) {
    if (Object.keys(series).length > 0) judged[name] = { ...meansOf(Object.values(series)), series };
  }
  return {
    seed: options.seed,
    series: read,
    skipped,
    detectors: judged,
    ...(judged['auto'] && { auto: judged['auto'] }),
  };
}

async function judge(
  name: string,
  { train, test, labels }: LabelledSeries,
  seed: number,
  run: RunControl | undefined,
): Promise<SeriesFigures> {
  const quiet = run && { ...run, onProgress: () => undefined };
  const started = performance.now();
  const fitted = await detectorByName(name).fit(train, {}, seededRandom(seed), quiet);
  const fittedAt = performance.now();
  const scores = fitted.score(test, quiet);
  const scoredAt = performance.now();
  const choice = (fitted as Partial<FittedAuto>).choice;
  return {
    aucPr: averagePrecision(scores, labels),
    bestF1: bestF1(scores, labels).f1,
    fitSeconds: (fittedAt - started) / 1000,
    scoreSeconds: (scoredAt - fittedAt) / 1000,
    ...(choice && { choice }),
  };
}

/** Data faults pass over one series; anything else, a stop among it, ends the evaluation. */
function reasonOf(error: unknown): string {
  if (!isQuarterdeckError(error) || error.code === 'ABORTED' || error.code === 'DEADLINE_EXCEEDED')
    throw error;
  return `${error.code}: ${error.message}`;
}

function meansOf(series: readonly SeriesFigures[]): { meanAucPr: number; meanBestF1: number } {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    meanAucPr: mean(series.map(({ aucPr }) => aucPr)),
    meanBestF1: mean(series.map(({ bestF1 }) => bestF1)),
  };
}
