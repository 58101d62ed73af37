import type { StoredExplanation } from '../../../contracts';
import type { ExplanationOperations } from '../explanationOperations';
import { Conditions } from '../parameters';
import type { TableNames } from '../tableNames';
import { explanationsTable } from '../tables';
import type { DuckDbFile } from './file';
import { mergeRows } from './merge';
import { columnsOf, selectRows } from './query';

export function explanationOperations(database: DuckDbFile, names: TableNames): ExplanationOperations {
  const { columns } = explanationsTable;
  const select = `SELECT ${columnsOf(explanationsTable, 'x')} FROM ${names.anomaly_explanations} x`;

  return {
    async mergeExplanations(rows, signal) {
      if (rows.length === 0) return;
      await database.write('storing explanations', signal, (session) =>
        mergeRows(session, explanationsTable, names.anomaly_explanations, rows),
      );
    },

    async explanation(explanationId, signal) {
      const [row] = await database.read('reading an explanation', signal, (session) =>
        selectRows<StoredExplanation>(
          session,
          `${select} WHERE x.explanation_id = $explanation_id`,
          { explanation_id: ['text', explanationId] },
          columns,
        ),
      );
      return row;
    },

    async explanations(query, signal) {
      const where = new Conditions();
      if (query.instance !== undefined)
        where.add('x.instance = $instance', { instance: ['text', query.instance] });
      return database.read('reading explanations', signal, (session) =>
        selectRows(
          session,
          `${select} WHERE ${where.sql} ORDER BY x.requested_at DESC, x.explanation_id LIMIT $row_limit`,
          { ...where.parameters, row_limit: ['integer', query.limit] },
          columns,
        ),
      );
    },
  };
}
