/** What a feature's name says: `disk_queue__mean_15m` is the 15-minute mean of `disk_queue`. */
export interface ObservedFeature {
  /** The metric or metrics behind it; empty for counts of log records, the calendar and scores. */
  readonly metrics: readonly string[];
  /** In words, for a sentence: "the 15-minute mean of disk_queue". */
  readonly words: string;
}

const statistics: Readonly<Record<string, string>> = {
  mean: 'mean',
  std: 'standard deviation',
  min: 'minimum',
  max: 'maximum',
  increase: 'increase',
  rate: 'rate per second',
};

export function readFeature(name: string): ObservedFeature {
  const [metric, suffix, other] = name.split('__');
  if (metric === undefined || suffix === undefined) return { metrics: [], words: name.replaceAll('_', ' ') };
  const template = /^template_([0-9a-f]+)$/.exec(metric);
  if (template) return { metrics: [], words: `the count of log template ${template[1]!}` };
  if (suffix === 'per' && other !== undefined) {
    return { metrics: [metric, other], words: `the ratio of ${metric} to ${other}` };
  }
  const [, statistic = '', minutes = ''] = /^([a-z]+)(?:_(\d+)m)?$/.exec(suffix) ?? [];
  if (statistic === 'correlation' && other !== undefined) {
    return { metrics: [metric, other], words: `the correlation of ${metric} with ${other}` };
  }
  if (statistic === 'value') return { metrics: [metric], words: metric };
  if (statistic === 'lag') return { metrics: [metric], words: `${metric} ${minutes} minutes before` };
  if (statistic === 'change')
    return { metrics: [metric], words: `the change of ${metric} over ${minutes} minutes` };
  const word = statistics[statistic];
  return word === undefined
    ? { metrics: [metric], words: `${suffix.replaceAll('_', ' ')} of ${metric}` }
    : { metrics: [metric], words: `the ${minutes}-minute ${word} of ${metric}` };
}
