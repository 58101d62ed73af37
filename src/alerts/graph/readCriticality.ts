/** How much depends on a service, as graphs write it: a share, a number on a scale, or a word. */

const words: Readonly<Record<string, number>> = {
  critical: 1,
  'mission critical': 1,
  'business critical': 1,
  highest: 1,
  true: 1,
  high: 0.8,
  important: 0.8,
  medium: 0.5,
  moderate: 0.5,
  normal: 0.5,
  standard: 0.5,
  low: 0.2,
  minor: 0.2,
  none: 0,
  lowest: 0,
  false: 0,
};

/** Ends of the usual scales; a graph's largest number says which one it uses. */
const scales = [1, 5, 10, 100] as const;

/** A number still to be scaled, a share that a word stands for, null for nothing, undefined for what is neither. */
export type GivenCriticality = { readonly number: number } | { readonly share: number } | null | undefined;

export function givenCriticality(value: unknown): GivenCriticality {
  if (value === undefined || value === null || value === '') return null;
  const text = typeof value === 'string' || typeof value === 'boolean' ? String(value).trim() : '';
  const number = typeof value === 'number' ? value : text === '' ? Number.NaN : Number(text);
  if (Number.isFinite(number)) return number < 0 ? undefined : { number };
  const share = words[text.toLowerCase().replaceAll(/[\s_-]+/g, ' ')];
  return share === undefined ? undefined : { share };
}

/** End of the scale that numbers of a graph are on: 1, 5, 10, 100, or the largest itself. */
export function criticalityScale(numbers: readonly number[]): number {
  let largest = 0;
  for (const number of numbers) largest = Math.max(largest, number);
  return scales.find((scale) => largest <= scale) ?? largest;
}
