import type { MetricOperations } from '../metricOperations';
import { Conditions } from '../parameters';
import { mergeRows, type MergeContext } from './merge';
import { selectRows, type OutputColumn } from './query';
import { metricPointsTable } from '../tables';

const catalogColumns: readonly OutputColumn[] = [
  { property: 'instance', kind: 'text' },
  { property: 'metric', kind: 'text' },
  { property: 'kind', kind: 'text' },
  { property: 'unit', kind: 'text' },
  { property: 'points', kind: 'integer' },
  { property: 'firstAt', kind: 'timestamp' },
  { property: 'lastAt', kind: 'timestamp' },
];

export function metricOperations(context: MergeContext): MetricOperations {
  const { quoted } = context.references;

  return {
    async mergeMetricPoints(rows, signal) {
      if (rows.length === 0) return;
      await mergeRows(
        context,
        'storing metric points',
        metricPointsTable,
        rows,
        signal,
        'staged.arrived_at >= stored.arrived_at',
      );
    },

    async metricCatalog(query, signal) {
      const where = new Conditions();
      if (query.from !== undefined)
        where.add('p.`at` >= @from_time', { from_time: ['timestamp', query.from] });
      if (query.to !== undefined) where.add('p.`at` < @to_time', { to_time: ['timestamp', query.to] });
      return selectRows(
        context,
        'reading the metric catalogue',
        `SELECT p.instance, p.metric, max_by(p.kind, p.\`at\`), max_by(p.unit, p.\`at\`), count(*),
             min(p.\`at\`), max(p.\`at\`)
           FROM ${quoted.metric_points} p WHERE ${where.sql}
           GROUP BY p.instance, p.metric ORDER BY p.instance, p.metric`,
        where.parameters,
        catalogColumns,
        signal,
      );
    },
  };
}
