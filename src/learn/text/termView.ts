import type { Matrix } from '../matrix';
import { analyze, type Analyzer } from './analyze';
import { columnsOf } from './vocabulary';

/**
 * One way to see a text: a sum over its terms of what each term stands for. Everything that fitting learned
 * (weights, singular vectors, the common component) is folded into the loadings, so applying it is one sum.
 */
export interface TermView {
  readonly analyzer: Analyzer;
  /** Count a term that occurs c times as 1 + ln c instead of c. */
  readonly dampenCounts: boolean;
  readonly columnOf: ReadonlyMap<string, number>;
  /** terms × width */
  readonly loadings: Matrix;
}

export function termView(
  analyzer: Analyzer,
  dampenCounts: boolean,
  terms: readonly string[],
  loadings: Matrix,
): TermView {
  return { analyzer, dampenCounts, columnOf: columnsOf(terms), loadings };
}

/** How often each known term occurs, dampened where the view says so. */
export function countTerms(
  terms: readonly string[],
  columnOf: ReadonlyMap<string, number>,
  dampenCounts: boolean,
): Map<number, number> {
  const counts = new Map<number, number>();
  for (const term of terms) {
    const column = columnOf.get(term);
    if (column !== undefined) counts.set(column, (counts.get(column) ?? 0) + 1);
  }
  if (dampenCounts) for (const [column, count] of counts) counts.set(column, 1 + Math.log(count));
  return counts;
}

/**
 * Writes the view of one text, scaled to length `scale`, into `target` (length of the view's width); zeros where
 * the text holds no known term.
 */
export function projectText(view: TermView, text: string, scale: number, target: Float64Array): void {
  projectCounts(view, countTerms(analyze(text, view.analyzer), view.columnOf, view.dampenCounts), target);
  scaleTo(target, scale);
}

function projectCounts(view: TermView, counts: ReadonlyMap<number, number>, target: Float64Array): void {
  const { values, d } = view.loadings;
  target.fill(0);
  for (const [column, count] of counts) {
    const start = column * d;
    for (let index = 0; index < d; index++) target[index]! += count * values[start + index]!;
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
