import { decodeModel, encodeModel } from '../../binary';
import { rowOf, type Matrix } from '../../matrix';
import { checkAborted } from '../../run';
import type { FittedDetector, StreamingScorer } from '../detector';
import { checkQueries, checkStreamedRow, queryRow } from '../queries';
import { MovingAverages } from '../movingAverages';
import { ResidualWalk, viewCount, type ResidualModel } from './residualModel';

export interface LinearResidualsState extends ResidualModel {
  /** Spread of each residual in training, `views × d`. */
  readonly spread: Float64Array;
  /** Mean over the training rows of what each residual adds to its view's energy, `views × d`. */
  readonly columnEnergyMean: Float64Array;
  /** Mean and standard deviation over the training rows of each view's energy. */
  readonly energyMean: Float64Array;
  readonly energySpread: Float64Array;
  readonly smoothingSpans: readonly number[];
  readonly threshold: number;
}

/** What one residual adds to its view's energy: grows with its square at first, then slowly. */
export function energyOf(residual: number, spread: number): number {
  return Math.log1p((residual / spread) ** 2);
}

/** Energy of each view of the walk's last row into `energies`. */
export function viewEnergies(
  walk: ResidualWalk,
  spread: Float64Array,
  d: number,
  energies: Float64Array,
): void {
  const { residuals } = walk;
  for (let view = 0, at = 0; view < energies.length; view++) {
    let energy = 0;
    for (const end = at + d; at < end; at++) energy += energyOf(residuals[at]!, spread[at]!);
    energies[view] = energy;
  }
}

/** One number from the views, each in standard deviations from its mean in training. */
export function combineViews(
  energies: Float64Array,
  { energyMean, energySpread }: Pick<LinearResidualsState, 'energyMean' | 'energySpread'>,
): number {
  let sum = 0;
  for (let view = 0; view < energies.length; view++) {
    sum += (energies[view]! - energyMean[view]!) / energySpread[view]!;
  }
  return sum / energies.length;
}

export function fittedLinearResiduals(state: LinearResidualsState): FittedDetector {
  const { d } = state;
  const open = (): ((row: Float32Array) => number) => {
    const walk = new ResidualWalk(state);
    const averages = new MovingAverages(state.smoothingSpans);
    const energies = new Float64Array(viewCount(state));
    return (row) => {
      walk.step(row);
      viewEnergies(walk, state.spread, d, energies);
      return averages.update(combineViews(energies, state));
    };
  };
  return {
    name: kind,
    kind: 'series',
    d,
    threshold: state.threshold,
    score(data, run) {
      checkQueries(data, d);
      checkAborted(run);
      const next = open();
      return Float64Array.from({ length: data.n }, (_, row) => next(rowOf(data, row)));
    },
    explain(data, row) {
      queryRow(data, row, d);
      return columnEnergies(state, data, row);
    },
    stream(): StreamingScorer {
      const next = open();
      return {
        update(row) {
          checkStreamedRow(row, d);
          return next(row);
        },
      };
    },
    toBytes: () => encode(state),
  };
}

/** What each column adds to the smoothed score of row `last`, counted from the column's own mean in training. */
function columnEnergies(state: LinearResidualsState, data: Matrix, last: number): Float64Array {
  const { d, spread, columnEnergyMean, energySpread, smoothingSpans } = state;
  const views = viewCount(state);
  const walk = new ResidualWalk(state);
  const averages = Array.from({ length: d }, () => new MovingAverages(smoothingSpans));
  const contributions = new Float64Array(d);
  for (let row = 0; row <= last; row++) {
    walk.step(rowOf(data, row));
    for (let column = 0; column < d; column++) {
      let sum = 0;
      for (let view = 0; view < views; view++) {
        const at = view * d + column;
        const energy = energyOf(walk.residuals[at]!, spread[at]!);
        sum += (energy - columnEnergyMean[at]!) / energySpread[view]!;
      }
      contributions[column] = Math.max(0, averages[column]!.update(sum / views));
    }
  }
  return contributions;
}

const kind = 'linear_residuals';
const formatVersion = 1;

function encode(state: LinearResidualsState): Uint8Array {
  const { d, scale, components, deviationSpans, smoothingSpans, threshold } = state;
  return encodeModel(kind, formatVersion, {
    parameters: { d, clip: scale.clip, axes: components.n, deviationSpans, smoothingSpans, threshold },
    arrays: {
      center: scale.center,
      scale: scale.scale,
      mean: state.mean,
      components: components.values,
      transition: state.transition,
      spread: state.spread,
      columnEnergyMean: state.columnEnergyMean,
      energyMean: state.energyMean,
      energySpread: state.energySpread,
    },
  });
}

/** @throws MODEL_BYTES_INVALID. */
export function linearResidualsFromBytes(bytes: Uint8Array): FittedDetector {
  const { parameters, arrays } = decodeModel(kind, formatVersion, bytes);
  const d = Number(parameters['d']);
  const doubles = (name: string): Float64Array => arrays[name] as Float64Array;
  return fittedLinearResiduals({
    d,
    scale: { center: doubles('center'), scale: doubles('scale'), clip: Number(parameters['clip']) },
    mean: doubles('mean'),
    components: { values: arrays['components'] as Float32Array, n: Number(parameters['axes']), d },
    transition: doubles('transition'),
    deviationSpans: parameters['deviationSpans'] as number[],
    smoothingSpans: parameters['smoothingSpans'] as number[],
    spread: doubles('spread'),
    columnEnergyMean: doubles('columnEnergyMean'),
    energyMean: doubles('energyMean'),
    energySpread: doubles('energySpread'),
    threshold: Number(parameters['threshold']),
  });
}
