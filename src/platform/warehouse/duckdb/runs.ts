import { Conditions } from '../parameters';
import type { TableNames } from '../tableNames';
import { quarantineTable, runsTable } from '../tables';
import type { Warehouse } from '../warehouse';
import type { DuckDbFile } from './file';
import { mergeRows } from './merge';
import { columnsOf, selectRows } from './query';

type RunOperations = Pick<
  Warehouse,
  'mergeQuarantined' | 'quarantined' | 'countQuarantined' | 'recordRun' | 'runs' | 'centerCounts'
>;

/** What the pipelines write about themselves. */
export function runOperations(database: DuckDbFile, names: TableNames): RunOperations {
  const ofSource = (source: string | undefined): Conditions =>
    source === undefined
      ? new Conditions()
      : new Conditions().add('q.source = $source', { source: ['text', source] });

  return {
    async mergeQuarantined(rows, signal) {
      if (rows.length === 0) return;
      await database.write('storing quarantined rows', signal, (session) =>
        mergeRows(session, quarantineTable, names.quarantined_rows, rows),
      );
    },

    async quarantined(query, signal) {
      const where = ofSource(query.source);
      if (query.key !== undefined) where.add('q.key = $key', { key: ['text', query.key] });
      return database.read('reading quarantined rows', signal, (session) =>
        selectRows(
          session,
          `SELECT ${columnsOf(quarantineTable, 'q')} FROM ${names.quarantined_rows} q
           WHERE ${where.sql} ORDER BY q."at" DESC, q.source, q.key LIMIT $row_limit`,
          { ...where.parameters, row_limit: ['integer', query.limit] },
          quarantineTable.columns,
        ),
      );
    },

    async countQuarantined(query, signal) {
      const where = ofSource(query.source);
      const [row] = await database.read('counting quarantined rows', signal, (session) =>
        selectRows<{ rows: number }>(
          session,
          `SELECT count(*) FROM ${names.quarantined_rows} q WHERE ${where.sql}`,
          where.parameters,
          [{ property: 'rows', kind: 'integer' }],
        ),
      );
      return row!.rows;
    },

    async recordRun(run, signal) {
      await database.write('recording a run', signal, (session) =>
        mergeRows(session, runsTable, names.pipeline_runs, [run]),
      );
    },

    async runs(query, signal) {
      const where = new Conditions();
      if (query.pipeline !== undefined) {
        where.add('r.pipeline = $pipeline', { pipeline: ['text', query.pipeline] });
      }
      if (query.scope !== undefined) where.add('r.scope = $scope', { scope: ['text', query.scope] });
      return database.read('reading runs', signal, (session) =>
        selectRows(
          session,
          `SELECT ${columnsOf(runsTable, 'r')} FROM ${names.pipeline_runs} r
           WHERE ${where.sql} ORDER BY r.started_at DESC, r.run_id DESC LIMIT $row_limit`,
          { ...where.parameters, row_limit: ['integer', query.limit] },
          runsTable.columns,
        ),
      );
    },

    async centerCounts(signal) {
      return database.read('counting rows per tech centre', signal, (session) =>
        selectRows(
          session,
          `SELECT tech_center, sum(incidents), sum(preprocessed), sum(predicted) FROM (
             SELECT tech_center, count(*) AS incidents, 0 AS preprocessed, 0 AS predicted
             FROM ${names.incidents} GROUP BY tech_center
             UNION ALL
             SELECT tech_center, 0, count(*), 0 FROM ${names.preprocessed_incidents} GROUP BY tech_center
             UNION ALL
             SELECT tech_center, 0, 0, count(DISTINCT number) FROM ${names.clustering_predictions} GROUP BY tech_center
           ) GROUP BY tech_center ORDER BY tech_center`,
          {},
          [
            { property: 'techCenter', kind: 'text' },
            { property: 'incidents', kind: 'integer' },
            { property: 'preprocessed', kind: 'integer' },
            { property: 'predicted', kind: 'integer' },
          ],
        ),
      );
    },
  };
}
