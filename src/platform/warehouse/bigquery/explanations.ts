import type { StoredExplanation } from '../../../contracts';
import type { ExplanationOperations } from '../explanationOperations';
import { Conditions } from '../parameters';
import { explanationsTable } from '../tables';
import { mergeRows, type MergeContext } from './merge';
import { columnsOf, selectRows } from './query';

export function explanationOperations(context: MergeContext): ExplanationOperations {
  const { quoted } = context.references;
  const { columns } = explanationsTable;
  const select = `SELECT ${columnsOf(explanationsTable, 'x')} FROM ${quoted.anomaly_explanations} x`;

  return {
    async mergeExplanations(rows, signal) {
      if (rows.length === 0) return;
      await mergeRows(context, 'storing explanations', explanationsTable, rows, signal);
    },

    async explanation(explanationId, signal) {
      const [row] = await selectRows<StoredExplanation>(
        context,
        'reading an explanation',
        `${select} WHERE x.explanation_id = @explanation_id`,
        { explanation_id: ['text', explanationId] },
        columns,
        signal,
      );
      return row;
    },

    async explanations(query, signal) {
      const where = new Conditions();
      if (query.instance !== undefined)
        where.add('x.instance = @instance', { instance: ['text', query.instance] });
      return selectRows(
        context,
        'reading explanations',
        `${select} WHERE ${where.sql} ORDER BY x.requested_at DESC, x.explanation_id LIMIT @row_limit`,
        { ...where.parameters, row_limit: ['integer', query.limit] },
        columns,
        signal,
      );
    },
  };
}
