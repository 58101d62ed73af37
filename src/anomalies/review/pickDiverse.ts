import type { Matrix } from '../../learn/matrix';
import type { EventSpacing } from './eventSpacing';

export interface DiversePick {
  readonly rows: readonly number[];
  /** How much it is worth to ask about a row, for itself: 0 to 1. */
  worth(row: number): number;
  /** One row per row of the data; columns on comparable scales. */
  readonly vectors: Matrix;
  readonly spacing: EventSpacing;
  /** A row this near to one that was taken is the same question. */
  readonly sameEventMinutes: number;
  readonly wanted: number;
}

/** Candidates kept by worth alone, as a multiple of what is wanted, before diversity decides among them. */
const candidatesPerPick = 8;

/**
 * Rows worth asking about that differ from each other: next is always the one with the largest product of worth and
 * distance to the nearest taken so far (farthest-first traversal, Gonzalez 1985, as in core-set active learning,
 * Sener and Savarese 2018). Takes the rows from `spacing`.
 */
export function pickDiverse(given: DiversePick): number[] {
  const { rows, vectors, spacing, sameEventMinutes, wanted } = given;
  const worth = new Map(rows.map((row) => [row, given.worth(row)]));
  const candidates = rows
    .filter((row) => worth.get(row)! > 0 && spacing.isFree(row, sameEventMinutes))
    .sort((a, b) => worth.get(b)! - worth.get(a)! || a - b)
    .slice(0, candidatesPerPick * wanted);
  const nearest = new Float64Array(candidates.length).fill(Infinity);
  const approach = (row: number): void =>
    candidates.forEach((other, place) => {
      if (nearest[place]! > 0) nearest[place] = Math.min(nearest[place]!, distance(vectors, row, other));
    });
  const picked: number[] = [];
  while (picked.length < wanted) {
    let best = -1;
    let bestValue = -1;
    candidates.forEach((row, place) => {
      const value = worth.get(row)! * (nearest[place] === Infinity ? 1 : nearest[place]!);
      if (value > bestValue && spacing.isFree(row, sameEventMinutes)) {
        bestValue = value;
        best = place;
      }
    });
    if (best < 0) break;
    const row = candidates[best]!;
    picked.push(row);
    spacing.take(row);
    approach(row);
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
