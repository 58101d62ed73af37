import type { Matrix } from '../../matrix';
import { standardizeRow, type ColumnScale } from './columnScale';

/** The linear expectations that rows are held against; see linearResiduals.ts. */
export interface ResidualModel {
  readonly d: number;
  readonly scale: ColumnScale;
  /** Mean of the standardised and clipped training rows. */
  readonly mean: Float64Array;
  /** Principal axes, `k × d`: what lies along them is how the columns usually move together. */
  readonly components: Matrix;
  /** Weights of a row in the one after it, `d × d`. */
  readonly transition: Float64Array;
  /** Spans, in rows, of the moving averages that a row is held against. */
  readonly deviationSpans: readonly number[];
}

/** Views that a row is seen in: across columns, from the row before, and from each moving average. */
export function viewCount(model: Pick<ResidualModel, 'deviationSpans'>): number {
  return 2 + model.deviationSpans.length;
}

/** Goes through rows in time and holds each against what was expected of it. Allocates nothing on its way. */
export class ResidualWalk {
  /** `views × d`: by how much the last row missed each expectation, in standard deviations of its columns. */
  readonly residuals: Float64Array;
  private readonly row: Float64Array;
  private readonly before: Float64Array;
  private readonly averages: Float64Array;
  private readonly scores: Float64Array;
  private begun = false;

  constructor(private readonly model: ResidualModel) {
    const { d } = model;
    this.residuals = new Float64Array(viewCount(model) * d);
    this.row = new Float64Array(d);
    this.before = new Float64Array(d);
    this.averages = new Float64Array(model.deviationSpans.length * d);
    this.scores = new Float64Array(model.components.n);
  }

  step(values: Float32Array): void {
    const { model, row, before, averages } = this;
    const { d } = model;
    standardizeRow(model.scale, values, row);
    for (let column = 0; column < d; column++) row[column]! -= model.mean[column]!;
    if (!this.begun) {
      before.set(row);
      for (let at = 0; at < averages.length; at++) averages[at] = row[at % d]!;
      this.begun = true;
    }
    this.acrossColumns();
    this.fromRowBefore();
    this.fromAverages();
    before.set(row);
  }

  private acrossColumns(): void {
    const { row, scores, residuals } = this;
    const { components, d } = this.model;
    const axes = components.values;
    scores.fill(0);
    for (let axis = 0, at = 0; axis < components.n; axis++) {
      for (let column = 0; column < d; column++, at++) scores[axis]! += axes[at]! * row[column]!;
    }
    for (let column = 0; column < d; column++) residuals[column] = row[column]!;
    for (let axis = 0, at = 0; axis < components.n; axis++) {
      for (let column = 0; column < d; column++, at++) residuals[column]! -= axes[at]! * scores[axis]!;
    }
  }

  private fromRowBefore(): void {
    const { row, before, residuals } = this;
    const { transition, d } = this.model;
    for (let column = 0; column < d; column++) residuals[d + column] = row[column]!;
    for (let i = 0, at = 0; i < d; i++) {
      const value = before[i]!;
      for (let column = 0; column < d; column++, at++) residuals[d + column]! -= transition[at]! * value;
    }
  }

  private fromAverages(): void {
    const { row, averages, residuals } = this;
    const { deviationSpans, d } = this.model;
    deviationSpans.forEach((span, view) => {
      const weight = 2 / (span + 1);
      for (let column = 0, at = view * d; column < d; column++, at++) {
        const deviation = row[column]! - averages[at]!;
        residuals[2 * d + at] = deviation;
        averages[at]! += weight * deviation;
      }
    });
  }
}
