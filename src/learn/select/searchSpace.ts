import type { Random } from '../../contracts';
import { invalidOption } from './folds';

/** What one parameter may be. Both ends are included; `log` spreads the tries evenly over orders of magnitude. */
export type ParameterRange =
  | { readonly kind: 'float'; readonly low: number; readonly high: number; readonly scale?: 'linear' | 'log' }
  | {
      readonly kind: 'integer';
      readonly low: number;
      readonly high: number;
      readonly scale?: 'linear' | 'log';
    }
  | { readonly kind: 'choice'; readonly values: readonly (number | string | boolean)[] };

export type SearchSpace = Readonly<Record<string, ParameterRange>>;
export type ParameterValue = number | string | boolean;
export type Parameters = Readonly<Record<string, ParameterValue>>;

/** @throws PARAMETER_INVALID naming the parameter. */
export function checkSpace(space: SearchSpace): void {
  for (const [name, range] of Object.entries(space)) {
    if (range.kind === 'choice') {
      if (range.values.length === 0) throw invalidOption(name, '[]', 'at least one value');
      continue;
    }
    const { low, high, scale } = range;
    if (!(Number.isFinite(low) && Number.isFinite(high) && low <= high)) {
      throw invalidOption(name, `${low} to ${high}`, 'a finite range from low to high');
    }
    if (scale === 'log' && low <= 0) throw invalidOption(name, low, 'a low end above 0 on a log scale');
    if (range.kind === 'integer' && !(Number.isInteger(low) && Number.isInteger(high))) {
      throw invalidOption(name, `${low} to ${high}`, 'whole numbers');
    }
  }
}

export type NumericRange = Exclude<ParameterRange, { kind: 'choice' }>;

/** Ends of a numeric range on the scale on which it is searched. Whole numbers own half a unit on either side. */
export function searchedEnds({ kind, low, high, scale }: NumericRange): readonly [number, number] {
  const margin = kind === 'integer' ? 0.5 : 0;
  const ends = [low - margin, high + margin] as const;
  if (scale !== 'log') return ends;
  return [Math.log(kind === 'integer' ? Math.max(ends[0], 0.5) : ends[0]), Math.log(ends[1])];
}

export function toSearched({ scale }: NumericRange, value: number): number {
  return scale === 'log' ? Math.log(value) : value;
}

export function fromSearched({ kind, low, high, scale }: NumericRange, searched: number): number {
  const value = scale === 'log' ? Math.exp(searched) : searched;
  return Math.min(high, Math.max(low, kind === 'integer' ? Math.round(value) : value));
}

export function drawUniform(range: ParameterRange, random: Random): ParameterValue {
  if (range.kind === 'choice') return range.values[random.integer(range.values.length)]!;
  const [from, to] = searchedEnds(range);
  return fromSearched(range, from + (to - from) * random.next());
}
