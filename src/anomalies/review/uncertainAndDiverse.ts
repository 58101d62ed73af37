import type { Matrix } from '../../learn/matrix';
import type { EventSpacing } from './eventSpacing';

/** Candidates kept by doubt alone, as a multiple of what is wanted, before diversity decides among them. */
const candidatesPerPick = 6;
/** Minutes within which a second doubt about an instance is the same doubt. */
const sameDoubtMinutes = 12;

/**
 * Rows of which a model is unsure and that differ from each other: of the most doubtful the next is always the one
 * with the largest product of doubt and distance to the nearest taken so far (farthest-first traversal, Gonzalez
 * 1985, as in core-set active learning, Sener and Savarese 2018).
 * @param vectors one row per row of the data; columns on comparable scales.
 */
export function pickUncertainAndDiverse(
  rows: readonly number[],
  probability: ArrayLike<number>,
  vectors: Matrix,
  spacing: EventSpacing,
  wanted: number,
): number[] {
  const doubt = (row: number): number => 1 - Math.abs(2 * probability[row]! - 1);
  const candidates: number[] = [];
  const seen = new Map<number, true>();
  for (const row of [...rows].sort((a, b) => doubt(b) - doubt(a) || a - b)) {
    if (candidates.length >= candidatesPerPick * wanted) break;
    if (seen.has(row) || !spacing.isFree(row, sameDoubtMinutes)) continue;
    seen.set(row, true);
    candidates.push(row);
  }
  const nearest = new Float64Array(candidates.length).fill(Infinity);
  const picked: number[] = [];
  while (picked.length < wanted) {
    let best = -1;
    let bestValue = -1;
    candidates.forEach((row, place) => {
      if (nearest[place]! < 0 || !spacing.isFree(row, sameDoubtMinutes)) return;
      const value = doubt(row) * (nearest[place] === Infinity ? 1 : nearest[place]!);
      if (value > bestValue) {
        bestValue = value;
        best = place;
      }
    });
    if (best < 0) break;
    const row = candidates[best]!;
    picked.push(row);
    spacing.take(row);
    nearest[best] = -1;
    candidates.forEach((other, place) => {
      if (nearest[place]! >= 0) nearest[place] = Math.min(nearest[place]!, distance(vectors, row, other));
    });
  }
  return picked;
}

function distance({ values, d }: Matrix, one: number, other: number): number {
  let sum = 0;
  for (let column = 0; column < d; column++) {
    const difference = values[one * d + column]! - values[other * d + column]!;
    sum += difference * difference;
  }
  return Math.sqrt(sum);
}
