import { decodeModel, encodeModel, type ModelArray } from '../../binary';
import { checkMatrix, type Matrix } from '../../matrix';
import { checkAborted, type RunControl } from '../../run';
import { defaultContamination, requireContamination } from '../contamination';
import type { Detector, DetectorDecoder, DetectorEntry, FittedDetector } from '../detector';
import { requireOption, requireWhole, withDefaults } from '../detectorOptions';
import { averagedMember, averagedScoring, averagedThreshold, type AveragedMember } from './averagedScores';
import { chooseDetector, type Candidate, type DetectorChoice } from './chooseDetector';

/**
 * Chooses among detectors on the unlabelled training rows, and fits the chosen one on all of them together with one
 * that does well nearly everywhere: no evidence without labels is sure enough to go by alone.
 */
export interface AutoOptions {
  /** Names of the detectors to choose from; every one that is quick at the data's width when empty (default). */
  readonly candidates: readonly string[];
  /** Whether rows are consecutive in time. Default true; detectors of single rows are then smoothed over time. */
  readonly ordered: boolean;
  /** Most rows that candidates are fitted on to be judged; half as many are held back. Default 12,000. */
  readonly judgedRows: number;
  /**
   * Candidate whose scores are averaged with the chosen one's. Default linear_residuals, which rows without an order
   * do without; none when empty.
   */
  readonly anchor: string;
  /** Share of the training rows above the threshold. Default 0.05. */
  readonly contamination: number;
}

export interface FittedAuto extends FittedDetector {
  readonly choice: DetectorChoice;
}

const defaults: AutoOptions = {
  candidates: [],
  ordered: true,
  judgedRows: 12_000,
  anchor: 'linear_residuals',
  contamination: defaultContamination,
};

const kind = 'auto';
const formatVersion = 1;
/** Fewer rows leave too few to plant faults into. */
const minimumRows = 30;

/** The detector `auto` over the detectors of `entries`; `smoothed` is what wraps those of single rows. */
export function autoEntry(entries: readonly DetectorEntry[], smoothed: DetectorEntry): DetectorEntry {
  const detector: Detector<AutoOptions> = {
    name: kind,
    kind: 'series',
    minimumRows,
    async fit(data, options, random, run): Promise<FittedAuto> {
      checkMatrix(data, { minimumRows });
      const complete = withDefaults(defaults, options);
      requireWhole('judgedRows', complete.judgedRows, minimumRows);
      requireContamination(complete.contamination);
      const anchored =
        complete.anchor === '' || entries.some((entry) => entry.detector.name === complete.anchor);
      requireOption('anchor', complete.anchor, anchored, 'the name of a detector, or nothing');
      const candidates = candidatesOf(complete, data, entries, smoothed);
      const choice = await chooseDetector(data, candidates, complete, random.fork('choice'), run);
      const taken = [choice.chosen, ...(choice.anchor === undefined ? [] : [choice.anchor])];
      const quiet: RunControl | undefined = run && { ...run, onProgress: () => undefined };
      const members: AveragedMember[] = [];
      const trainingScores: Float64Array[] = [];
      for (const name of taken) {
        const { detector: own, options: ownOptions } = candidates.find(
          (candidate) => candidate.name === name,
        )!;
        const fitted = await own.fit(data, ownOptions, random.fork(`chosen ${name}`), quiet);
        const scores = fitted.score(data, quiet);
        members.push(averagedMember(fitted, scores));
        trainingScores.push(scores);
        checkAborted(run);
      }
      const threshold =
        members.length === 1
          ? members[0]!.fitted.threshold
          : averagedThreshold(members, trainingScores, complete.contamination);
      run?.onProgress?.({ stage: 'candidates', done: candidates.length, total: candidates.length });
      return fittedAuto({ members, choice, threshold });
    },
  };
  return { detector, fromBytes };
}

function candidatesOf(
  { candidates: names, ordered, contamination }: AutoOptions,
  { n, d }: Matrix,
  entries: readonly DetectorEntry[],
  smoothed: DetectorEntry,
): Candidate[] {
  const known = new Map(entries.map(({ detector }) => [detector.name, detector]));
  for (const name of names) {
    requireOption('candidates', name, known.has(name), `names among ${[...known.keys()].join(', ')}`);
  }
  const quick = entries.filter(
    ({ mostColumns, detector }) => d <= (mostColumns ?? Infinity) && detector.minimumRows <= n / 2,
  );
  const wanted = names.length > 0 ? names : quick.map(({ detector }) => detector.name);
  return wanted.flatMap((name): Candidate[] => {
    const detector = known.get(name)!;
    if (detector.kind === 'series') {
      return ordered ? [{ name, detector, options: { contamination } }] : [];
    }
    if (!ordered) return [{ name, detector, options: { contamination } }];
    const options = { detector: name, contamination };
    return [{ name: `smoothed ${name}`, detector: smoothed.detector, options }];
  });
}

interface AutoState {
  readonly members: readonly AveragedMember[];
  readonly choice: DetectorChoice;
  readonly threshold: number;
}

function fittedAuto({ members, choice, threshold }: AutoState): FittedAuto {
  const { d, kind: scored } = members[0]!.fitted;
  return {
    ...averagedScoring(members),
    name: kind,
    kind: scored,
    d,
    threshold,
    choice,
    toBytes() {
      const arrays: Record<string, ModelArray> = {};
      members.forEach(({ fitted }, at) => (arrays[`member ${at}`] = fitted.toBytes()));
      const scales = members.map(({ mean, spread }) => ({ mean, spread }));
      return encodeModel(kind, formatVersion, { parameters: { choice, threshold, scales }, arrays });
    },
  };
}

function fromBytes(bytes: Uint8Array, decode: DetectorDecoder): FittedAuto {
  const { parameters, arrays } = decodeModel(kind, formatVersion, bytes);
  const scales = parameters['scales'] as { mean: number; spread: number }[];
  return fittedAuto({
    members: scales.map((scale, at) => ({ fitted: decode(arrays[`member ${at}`] as Uint8Array), ...scale })),
    choice: parameters['choice'] as DetectorChoice,
    threshold: Number(parameters['threshold']),
  });
}
