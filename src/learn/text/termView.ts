import type { Matrix } from '../matrix';
import type { Analyzer } from './analyze';
import { TermReader } from './termReader';

/**
 * One way to see a text: a sum over its terms of what each term stands for. Everything that fitting learned
 * (weights, singular vectors, the common component) is folded into the loadings, so applying it is one sum.
 */
export interface TermView {
  readonly analyzer: Analyzer;
  /** Count a term that occurs c times as 1 + ln c instead of c. */
  readonly dampenCounts: boolean;
  readonly terms: readonly string[];
  /** terms × width */
  readonly loadings: Matrix;
}

/**
 * How often each column occurs, dampened where the view says so, in order of first occurrence: the order of the
 * sums, and so their last bit, depends on the text alone.
 */
export function countColumns(columns: ArrayLike<number>, dampenCounts: boolean): Map<number, number> {
  const counts = new Map<number, number>();
  for (let index = 0; index < columns.length; index++) {
    const column = columns[index]!;
    if (column >= 0) counts.set(column, (counts.get(column) ?? 0) + 1);
  }
  if (dampenCounts)
    for (const [column, count] of counts) if (count > 1) counts.set(column, 1 + Math.log(count));
  return counts;
}

/** A view at work. */
export class TermProjector {
  private readonly reader: TermReader;

  constructor(private readonly view: TermView) {
    this.reader = new TermReader(view.analyzer, view.terms);
  }

  /**
   * Writes the view of a text's words, scaled to length `scale`, into `target` (length of the view's width); zeros
   * where the text holds no known term.
   */
  project(tokens: readonly string[], scale: number, target: Float64Array): void {
    const { values, d } = this.view.loadings;
    target.fill(0);
    for (const [column, count] of countColumns(this.reader.columns(tokens), this.view.dampenCounts)) {
      const start = column * d;
      for (let index = 0; index < d; index++) target[index]! += count * values[start + index]!;
    }
    scaleTo(target, scale);
  }
}

/** Scales a vector to the given length; a zero vector stays. */
export function scaleTo(vector: Float64Array, length: number): void {
  let square = 0;
  for (const value of vector) square += value * value;
  if (square === 0) return;
  const factor = length / Math.sqrt(square);
  for (let index = 0; index < vector.length; index++) vector[index]! *= factor;
}
