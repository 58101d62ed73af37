/**
 * Every metric that Quarterdeck emits, its unit and dimensions. Alert rules and workbooks in infra/ may use
 * these names only; a test holds them together.
 */
export const metrics = {
  'pipeline.heartbeat': { unit: 'count', dimensions: ['pipeline', 'scope'] },
  'pipeline.run.failed': { unit: 'count', dimensions: ['pipeline', 'scope', 'errorCode'] },
  'pipeline.run.duration': { unit: 'ms', dimensions: ['pipeline', 'scope', 'status'] },
  'pipeline.rows': { unit: 'rows', dimensions: ['pipeline', 'scope', 'kind'] },
  'preprocess.rows.late': { unit: 'rows', dimensions: ['scope'] },
  'preprocess.rows.quarantined': { unit: 'rows', dimensions: ['scope', 'reasonCode'] },
  'model.fallback': { unit: 'count', dimensions: ['scope', 'wanted', 'used'] },
  'model.promoted': { unit: 'count', dimensions: ['scope', 'version'] },
  'model.gate.refused': { unit: 'count', dimensions: ['scope', 'reason'] },
  'training.overdue': { unit: 'count', dimensions: ['scope'] },
  'ingest.records': { unit: 'rows', dimensions: ['kind', 'shape'] },
  'ingest.rejected': { unit: 'rows', dimensions: ['kind', 'code'] },
  'ingest.bytes': { unit: 'bytes', dimensions: ['kind', 'shape'] },
  'ingest.lag': { unit: 'ms', dimensions: ['kind', 'shape'] },
  'ingest.refused': { unit: 'count', dimensions: ['reason'] },
  'routing.fallback': { unit: 'count', dimensions: ['model', 'version', 'errorCode'] },
  'routing.split.mismatch': { unit: 'count', dimensions: ['champion', 'challenger'] },
  'canary.share': { unit: 'percent', dimensions: ['candidate'] },
  'canary.rolledback': { unit: 'count', dimensions: ['candidate', 'reason'] },
  'experiment.decided': { unit: 'count', dimensions: ['champion', 'challenger', 'decision'] },
  'ingest.pull.behind': { unit: 'ms', dimensions: ['source'] },
  'queue.poison': { unit: 'messages', dimensions: ['queue'] },
  'embedding.texts': { unit: 'count', dimensions: ['model'] },
  'embedding.retry': { unit: 'count', dimensions: ['model', 'errorCode'] },
  'language.tokens': { unit: 'tokens', dimensions: ['model', 'direction'] },
  'review.items.picked': { unit: 'rows', dimensions: [] },
  'review.verdicts': { unit: 'count', dimensions: ['verdict'] },
  'explanation.degraded': { unit: 'count', dimensions: ['errorCode'] },
  'log.templates.new': { unit: 'count', dimensions: [] },
  'log.templates.generalised': { unit: 'count', dimensions: [] },
} as const satisfies Record<string, { unit: string; dimensions: readonly string[] }>;

export type MetricName = keyof typeof metrics;
export type MetricDimensions<Name extends MetricName> = Readonly<
  Record<(typeof metrics)[Name]['dimensions'][number], string>
>;
