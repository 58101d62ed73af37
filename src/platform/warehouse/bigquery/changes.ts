import type { ChangeEvent } from '../../../contracts';
import type { AlertOperations } from '../alertOperations';
import { Conditions } from '../parameters';
import { changeEventsTable } from '../tables';
import { mergeRows, type MergeContext } from './merge';
import { columnsOf, selectRows } from './query';

export function changeOperations(
  context: MergeContext,
): Pick<AlertOperations, 'mergeChangeEvents' | 'changeEventsBetween'> {
  const { quoted } = context.references;

  return {
    async mergeChangeEvents(rows, signal) {
      if (rows.length === 0) return;
      await mergeRows(context, 'storing changes', changeEventsTable, rows, signal);
    },

    async changeEventsBetween(query, signal) {
      const where = new Conditions()
        .add('c.`at` >= @from_time', { from_time: ['timestamp', query.from] })
        .add('c.`at` < @to_time', { to_time: ['timestamp', query.to] });
      if (query.service !== undefined)
        where.add('c.service = @service', { service: ['text', query.service] });
      return selectRows<ChangeEvent>(
        context,
        'reading changes',
        `SELECT ${columnsOf(changeEventsTable, 'c')} FROM ${quoted.change_events} c
           WHERE ${where.sql} ORDER BY c.\`at\` DESC, c.change_id LIMIT @row_limit`,
        { ...where.parameters, row_limit: ['integer', query.limit] },
        changeEventsTable.columns,
        signal,
      );
    },
  };
}
