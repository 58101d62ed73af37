import { decodeModel, encodeModel } from '../../binary';
import { checkMatrix } from '../../matrix';
import type { RunControl } from '../../run';
import { defaultContamination, requireContamination } from '../contamination';
import type { Detector, DetectorDecoder, DetectorEntry, FittedDetector } from '../detector';
import { requireOption, requireWhole, withDefaults } from '../detectorOptions';
import { chooseDetector, type Candidate, type DetectorChoice } from './chooseDetector';

/** Chooses among detectors on the unlabelled training rows, and fits the chosen one on all of them. */
export interface AutoOptions {
  /** Names of the detectors to choose from; every one that is quick at the data's width when empty (default). */
  readonly candidates: readonly string[];
  /** Whether rows are consecutive in time. Default true; detectors of single rows are then smoothed over time. */
  readonly ordered: boolean;
  /** Latest rows that candidates are judged on. Default 6,000. */
  readonly judgedRows: number;
  /** Share of the training rows above the threshold. Default 0.05. */
  readonly contamination: number;
}

export interface FittedAuto extends FittedDetector {
  readonly choice: DetectorChoice;
}

const defaults: AutoOptions = {
  candidates: [],
  ordered: true,
  judgedRows: 6_000,
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
      const candidates = candidatesOf(complete, data.d, entries, smoothed);
      const choice = await chooseDetector(data, candidates, complete, random.fork('choice'), run);
      const chosen = candidates.find(({ name }) => name === choice.chosen)!;
      const quiet: RunControl | undefined = run && { ...run, onProgress: () => undefined };
      const fitted = await chosen.detector.fit(data, chosen.options, random.fork('chosen'), quiet);
      run?.onProgress?.({ stage: 'candidates', done: candidates.length, total: candidates.length });
      return fittedAuto(fitted, choice);
    },
  };
  return { detector, fromBytes };
}

function candidatesOf(
  { candidates: names, ordered, contamination }: AutoOptions,
  d: number,
  entries: readonly DetectorEntry[],
  smoothed: DetectorEntry,
): Candidate[] {
  const known = new Map(entries.map(({ detector }) => [detector.name, detector]));
  for (const name of names) {
    requireOption('candidates', name, known.has(name), `names among ${[...known.keys()].join(', ')}`);
  }
  const quick = entries.filter(({ mostColumns }) => d <= (mostColumns ?? Infinity));
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

function fittedAuto(inner: FittedDetector, choice: DetectorChoice): FittedAuto {
  return {
    ...inner,
    name: kind,
    choice,
    toBytes: () =>
      encodeModel(kind, formatVersion, { parameters: { choice }, arrays: { inner: inner.toBytes() } }),
  };
}

function fromBytes(bytes: Uint8Array, decode: DetectorDecoder): FittedAuto {
  const { parameters, arrays } = decodeModel(kind, formatVersion, bytes);
  return fittedAuto(decode(arrays['inner'] as Uint8Array), parameters['choice'] as DetectorChoice);
}
