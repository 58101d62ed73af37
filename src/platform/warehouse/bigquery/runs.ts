import { Conditions } from '../parameters';
import { quarantineTable, runsTable } from '../tables';
import type { Warehouse } from '../warehouse';
import { mergeRow, mergeRows, type MergeContext } from './merge';
import { columnsOf, selectRows } from './query';

type RunOperations = Pick<
  Warehouse,
  'mergeQuarantined' | 'quarantined' | 'countQuarantined' | 'recordRun' | 'runs' | 'centerCounts'
>;

/** What the pipelines write about themselves. */
export function runOperations(context: MergeContext): RunOperations {
  const { quoted } = context.references;
  const ofSource = (source: string | undefined): Conditions =>
    source === undefined
      ? new Conditions()
      : new Conditions().add('q.source = @source', { source: ['text', source] });

  return {
    async mergeQuarantined(rows, signal) {
      if (rows.length === 0) return;
      await mergeRows(context, 'storing quarantined rows', quarantineTable, rows, signal);
    },

    async quarantined(query, signal) {
      const where = ofSource(query.source);
      if (query.key !== undefined) where.add('q.`key` = @key', { key: ['text', query.key] });
      return selectRows(
        context,
        'reading quarantined rows',
        `SELECT ${columnsOf(quarantineTable, 'q')} FROM ${quoted.quarantined_rows} q
           WHERE ${where.sql} ORDER BY q.\`at\` DESC, q.source, q.\`key\` LIMIT @row_limit`,
        { ...where.parameters, row_limit: ['integer', query.limit] },
        quarantineTable.columns,
        signal,
      );
    },

    async countQuarantined(query, signal) {
      const where = ofSource(query.source);
      const [row] = await selectRows<{ rows: number }>(
        context,
        'counting quarantined rows',
        `SELECT COUNT(*) FROM ${quoted.quarantined_rows} q WHERE ${where.sql}`,
        where.parameters,
        [{ property: 'rows', kind: 'integer' }],
        signal,
      );
      return row!.rows;
    },

    async recordRun(run, signal) {
      await mergeRow(context, 'recording a run', runsTable, run, signal);
    },

    async runs(query, signal) {
      const where = new Conditions();
      if (query.pipeline !== undefined) {
        where.add('r.pipeline = @pipeline', { pipeline: ['text', query.pipeline] });
      }
      if (query.scope !== undefined) where.add('r.scope = @scope', { scope: ['text', query.scope] });
      return selectRows(
        context,
        'reading runs',
        `SELECT ${columnsOf(runsTable, 'r')} FROM ${quoted.pipeline_runs} r
           WHERE ${where.sql} ORDER BY r.started_at DESC, r.run_id DESC LIMIT @row_limit`,
        { ...where.parameters, row_limit: ['integer', query.limit] },
        runsTable.columns,
        signal,
      );
    },

    async centerCounts(signal) {
      return selectRows(
        context,
        'counting rows per tech centre',
        `SELECT tech_center, SUM(incidents), SUM(preprocessed), SUM(predicted) FROM (
             SELECT tech_center, COUNT(*) AS incidents, 0 AS preprocessed, 0 AS predicted
             FROM ${quoted.incidents} GROUP BY tech_center
             UNION ALL
             SELECT tech_center, 0, COUNT(*), 0 FROM ${quoted.preprocessed_incidents} GROUP BY tech_center
             UNION ALL
             SELECT tech_center, 0, 0, COUNT(DISTINCT number) FROM ${quoted.clustering_predictions} GROUP BY tech_center
           ) GROUP BY tech_center ORDER BY tech_center`,
        {},
        [
          { property: 'techCenter', kind: 'text' },
          { property: 'incidents', kind: 'integer' },
          { property: 'preprocessed', kind: 'integer' },
          { property: 'predicted', kind: 'integer' },
        ],
        signal,
      );
    },
  };
}
