import { QuarterdeckError } from '../../contracts';
import { decodeModel, encodeModel } from '../binary';
import {
  contaminationThreshold,
  defaultContamination,
  quantileOfSorted,
  requireContamination,
} from './contamination';
import type { Detector, DetectorDecoder, DetectorEntry, FittedDetector } from './detector';
import { requireOption, withDefaults } from './detectorOptions';
import { MovingAverages } from './movingAverages';

/**
 * Another detector's scores over time: compressed, so that one wild row does not hide what follows it, and
 * averaged over several spans of past rows, since faults last and noise does not.
 */
export interface SmoothedOptions {
  /** Name of the detector whose scores are smoothed. Default isolation_forest. */
  readonly detector: string;
  /** Its options. */
  readonly options: object;
  /** Spans, in rows, of the moving averages. Default 15, 60 and 240. */
  readonly spans: readonly number[];
  /** Share of the training rows above the threshold. Default 0.05. */
  readonly contamination: number;
}

const defaults: SmoothedOptions = {
  detector: 'isolation_forest',
  options: {},
  spans: [15, 60, 240],
  contamination: defaultContamination,
};

const kind = 'smoothed';
const formatVersion = 1;

interface SmoothedState {
  readonly inner: FittedDetector;
  /** Median and interquartile range of the inner scores in training. */
  readonly center: number;
  readonly spread: number;
  readonly spans: readonly number[];
  readonly threshold: number;
}

/** The detector `smoothed` over the detectors of `entries`. */
export function smoothedEntry(entries: readonly DetectorEntry[]): DetectorEntry {
  const detector: Detector<SmoothedOptions> = {
    name: kind,
    kind: 'series',
    minimumRows: 3,
    async fit(data, options, random, run) {
      const { detector: name, options: inner, spans, contamination } = withDefaults(defaults, options);
      const entry = entries.find((candidate) => candidate.detector.name === name);
      const known = entries.map((candidate) => candidate.detector.name).join(', ');
      requireOption('detector', name, entry !== undefined, `one of ${known}`);
      const valid = spans.length > 0 && spans.every((span) => span >= 1 && span < 1e9);
      requireOption('spans', spans.join(), valid, 'spans from 1 up');
      requireContamination(contamination);
      if (data.n > 0 && data.d > 0 && data.n < this.minimumRows) {
        throw new QuarterdeckError(
          'DATA_TOO_FEW_ROWS',
          `${data.n} rows, at least ${this.minimumRows} are needed`,
        );
      }
      const fitted = await entry!.detector.fit(data, inner, random, run);
      const scores = fitted.score(data, run);
      const sorted = Float64Array.from(scores).sort();
      const state = {
        inner: fitted,
        center: quantileOfSorted(sorted, 0.5),
        spread: spreadOf(sorted),
        spans,
      };
      const smooth = smoother(state);
      const threshold = contaminationThreshold(scores.map(smooth), contamination);
      return fittedSmoothed({ ...state, threshold });
    },
  };
  return { detector, fromBytes };
}

/** The interquartile range; where half the scores are equal the whole range, and 1 where all are. */
function spreadOf(sorted: Float64Array): number {
  const range = quantileOfSorted(sorted, 0.75) - quantileOfSorted(sorted, 0.25);
  return range > 0 ? range : sorted[sorted.length - 1]! - sorted[0]! || 1;
}

function smoother({
  center,
  spread,
  spans,
}: Pick<SmoothedState, 'center' | 'spread' | 'spans'>): (score: number) => number {
  const averages = new MovingAverages(spans);
  return (score) => averages.update(Math.asinh((score - center) / spread));
}

function fittedSmoothed(state: SmoothedState): FittedDetector {
  const { inner, threshold } = state;
  const { d } = inner;
  return {
    name: kind,
    kind: 'series',
    d,
    threshold,
    score: (data, run) => inner.score(data, run).map(smoother(state)),
    // The row's own part: what the smoothing holds over from rows before is explained there.
    explain: (data, row) => inner.explain(data, row),
    ...(inner.stream && {
      stream: () => {
        const stream = inner.stream!();
        const smooth = smoother(state);
        return { update: (row) => smooth(stream.update(row)) };
      },
    }),
    toBytes: () =>
      encodeModel(kind, formatVersion, {
        parameters: { center: state.center, spread: state.spread, spans: state.spans, threshold },
        arrays: { inner: inner.toBytes() },
      }),
  };
}

function fromBytes(bytes: Uint8Array, decode: DetectorDecoder): FittedDetector {
  const { parameters, arrays } = decodeModel(kind, formatVersion, bytes);
  return fittedSmoothed({
    inner: decode(arrays['inner'] as Uint8Array),
    center: Number(parameters['center']),
    spread: Number(parameters['spread']),
    spans: parameters['spans'] as number[],
    threshold: Number(parameters['threshold']),
  });
}
