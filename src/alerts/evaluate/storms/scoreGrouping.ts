import type { GeneratedStorms } from '../../demo';

/** How groups compare with storms, over pairs of alerts. */
export interface GroupingScore {
  readonly alerts: number;
  readonly groups: number;
  /** 1 − groups / alerts. */
  readonly noiseReduction: number;
  /**
   * Of the pairs put together, the share that does not belong: of different storms, of a storm and noise, or of
   * different spells of noise.
   */
  readonly wrongMergeRate: number;
  /** The same when even two alerts of one noisy spell, one condition that fires again, do not belong together. */
  readonly wrongMergeRateStrict: number;
  /** Of the pairs of one storm, the share that was put apart. */
  readonly wrongSplitRate: number;
}

/** @param group of each generated alert, in their order. */
export function scoreGrouping(
  { labels, storms }: Pick<GeneratedStorms, 'labels' | 'storms'>,
  group: Int32Array,
  groups: number,
): GroupingScore {
  const groupSizes = new Float64Array(groups);
  const stormSizes = new Float64Array(storms.length);
  const shared = new Map<number, number>();
  for (let alert = 0; alert < labels.length; alert++) {
    const label = labels[alert]!;
    groupSizes[group[alert]!]!++;
    if (label < storms.length) stormSizes[label]!++;
    const cell = label * groups + group[alert]!;
    shared.set(cell, (shared.get(cell) ?? 0) + 1);
  }
  let together = 0;
  let right = 0;
  let rightInStorms = 0;
  let ofStorms = 0;
  for (const size of groupSizes) together += pairs(size);
  for (const size of stormSizes) ofStorms += pairs(size);
  for (const [cell, count] of shared) {
    right += pairs(count);
    if (Math.floor(cell / groups) < storms.length) rightInStorms += pairs(count);
  }
  const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
  return {
    alerts: labels.length,
    groups,
    noiseReduction: labels.length === 0 ? 0 : 1 - groups / labels.length,
    wrongMergeRate: share(together - right, together),
    wrongMergeRateStrict: share(together - rightInStorms, together),
    wrongSplitRate: share(ofStorms - rightInStorms, ofStorms),
  };
}

function pairs(count: number): number {
  return (count * (count - 1)) / 2;
}
