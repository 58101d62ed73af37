import { encodeModel, type ModelContent } from '../../binary';
import type { Matrix } from '../../matrix';
import { checkAborted, type RunControl } from '../../run';
import { contaminationThreshold } from '../contamination';
import type { FittedDetector } from '../detector';
import { checkQueries, queryRow } from '../queries';
import type { Standardization } from './standardization';

/** What the detectors of this folder share: rows are standardised, then each is scored for itself. */
export interface PointModel {
  /** Scores of standardised rows. */
  score(standardized: Matrix, run?: RunControl): Float64Array;
  /** Share of each column in the score of one standardised row, none negative. */
  explain(standardizedRow: Float32Array): Float64Array;
  readonly content: ModelContent;
}

export interface PointDetectorParts {
  readonly name: string;
  readonly formatVersion: number;
  readonly standardization: Standardization;
  readonly model: PointModel;
  readonly threshold: number;
}

export function fittedPoints(parts: PointDetectorParts): FittedDetector {
  const { name, formatVersion, standardization, model, threshold } = parts;
  const { d } = standardization;
  return {
    name,
    kind: 'points',
    d,
    threshold,
    score(data, run) {
      checkQueries(data, d);
      checkAborted(run);
      return model.score(standardization.apply(data), run);
    },
    explain(data, row) {
      const values = queryRow(data, row, d);
      return model.explain(standardization.apply({ values, n: 1, d }).values);
    },
    toBytes: () =>
      encodeModel(name, formatVersion, {
        parameters: { ...model.content.parameters, columns: d, threshold },
        arrays: { ...standardization.arrays, ...model.content.arrays },
      }),
  };
}

/** The detector whose threshold lies above all but the share `contamination` of the training rows. */
export function fittedOn(
  standardized: Matrix,
  contamination: number,
  parts: Omit<PointDetectorParts, 'threshold'>,
  trainingScores: Float64Array = parts.model.score(standardized),
): FittedDetector {
  return fittedPoints({ ...parts, threshold: contaminationThreshold(trainingScores, contamination) });
}
