import { decodeModel } from '../../binary';
import { fitPca } from '../../decompose';
import { rowOf, type Matrix } from '../../matrix';
import type { DetectorEntry } from '../detector';
import { requireOption, withDefaults } from '../detectorOptions';
import { fittedOn, fittedPoints, type PointModel } from './pointDetector';
import { defaultPointOptions, prepare, type PointOptions } from './pointOptions';
import { standardizationFrom } from './standardization';

/**
 * `principal_components`: what of a row the main directions of the training rows cannot tell, as the root mean square
 * of the columns' differences (Shyu, Chen, Sarinnapakorn and Chang 2003; the residual of Jackson and Mudholkar 1979).
 */
export interface ReconstructionOptions extends PointOptions {
  /** Share of the variance that the kept directions explain, above 0 and up to 1. */
  readonly varianceShare: number;
}

const name = 'principal_components';
const formatVersion = 1;
const minimumRows = 2;
const defaults: ReconstructionOptions = { ...defaultPointOptions, varianceShare: 0.9 };

export const reconstruction: DetectorEntry = {
  detector: {
    name,
    kind: 'points',
    minimumRows,
    async fit(data: Matrix, given: Partial<ReconstructionOptions>, random, run) {
      const options = withDefaults(defaults, given);
      const { varianceShare } = options;
      requireOption(
        'varianceShare',
        varianceShare,
        varianceShare > 0 && varianceShare <= 1,
        'a number above 0 and up to 1',
      );
      const { standardization, standardized } = prepare(data, options, minimumRows, run);
      const { components, mean } = await fitPca(standardized, { varianceShare }, random, run);
      const model = pointModel(components, mean);
      return fittedOn(standardized, options.contamination, { name, formatVersion, standardization, model });
    },
  },
  fromBytes(bytes) {
    const { parameters, arrays } = decodeModel(name, formatVersion, bytes);
    const values = arrays['components'] as Float32Array;
    const d = Number(parameters['columns']);
    const model = pointModel({ values, n: values.length / d, d }, arrays['center'] as Float64Array);
    const standardization = standardizationFrom(arrays);
    return fittedPoints({
      name,
      formatVersion,
      standardization,
      model,
      threshold: Number(parameters['threshold']),
    });
  },
};

function pointModel(components: Matrix, center: Float64Array): PointModel {
  const { d } = components;
  const residual = new Float64Array(d);
  return {
    score: (standardized) =>
      Float64Array.from({ length: standardized.n }, (_, row) => {
        takeOut(components, center, rowOf(standardized, row), residual);
        let squares = 0;
        for (let column = 0; column < d; column++) squares += residual[column]! ** 2;
        return Math.sqrt(squares / d);
      }),
    explain(row) {
      takeOut(components, center, row, residual);
      return residual.map((difference) => Math.abs(difference));
    },
    content: { parameters: {}, arrays: { components: components.values, center } },
  };
}

/** The row without its part along the components. */
function takeOut(components: Matrix, center: Float64Array, row: Float32Array, residual: Float64Array): void {
  const { values, n, d } = components;
  for (let column = 0; column < d; column++) residual[column] = row[column]! - center[column]!;
  for (let component = 0; component < n; component++) {
    const from = component * d;
    let length = 0;
    for (let column = 0; column < d; column++) length += residual[column]! * values[from + column]!;
    for (let column = 0; column < d; column++) residual[column]! -= length * values[from + column]!;
  }
}
