import type { MetricOperations } from '../metricOperations';
import { Conditions } from '../parameters';
import type { TableNames } from '../tableNames';
import type { DuckDbFile } from './file';
import { mergeRows } from './merge';
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

export function metricOperations(database: DuckDbFile, names: TableNames): MetricOperations {
  return {
    async mergeMetricPoints(rows, signal) {
      if (rows.length === 0) return;
      await database.write('storing metric points', signal, (session) =>
        mergeRows(
          session,
          metricPointsTable,
          names.metric_points,
          rows,
          'staged.arrived_at >= stored.arrived_at',
        ),
      );
    },

    async metricCatalog(query, signal) {
      const where = new Conditions();
      if (query.from !== undefined)
        where.add('p."at" >= $from_time', { from_time: ['timestamp', query.from] });
      if (query.to !== undefined) where.add('p."at" < $to_time', { to_time: ['timestamp', query.to] });
      return database.read('reading the metric catalogue', signal, (session) =>
        selectRows(
          session,
          `SELECT p.instance, p.metric, max_by(p.kind, p."at"), max_by(p.unit, p."at"), count(*),
             min(p."at"), max(p."at")
           FROM ${names.metric_points} p WHERE ${where.sql}
           GROUP BY p.instance, p.metric ORDER BY p.instance, p.metric`,
          where.parameters,
          catalogColumns,
        ),
      );
    },
  };
}
