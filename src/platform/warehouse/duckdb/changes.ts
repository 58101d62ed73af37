import type { ChangeEvent } from '../../../contracts';
import type { AlertOperations } from '../alertOperations';
import { Conditions } from '../parameters';
import type { TableNames } from '../tableNames';
import { changeEventsTable } from '../tables';
import type { DuckDbFile } from './file';
import { mergeRows } from './merge';
import { columnsOf, selectRows } from './query';

export function changeOperations(
  database: DuckDbFile,
  names: TableNames,
): Pick<AlertOperations, 'mergeChangeEvents' | 'changeEventsBetween'> {
  return {
    async mergeChangeEvents(rows, signal) {
      if (rows.length === 0) return;
      await database.write('storing changes', signal, (session) =>
        mergeRows(session, changeEventsTable, names.change_events, rows),
      );
    },

    async changeEventsBetween(query, signal) {
      const where = new Conditions()
        .add('c."at" >= $from_time', { from_time: ['timestamp', query.from] })
        .add('c."at" < $to_time', { to_time: ['timestamp', query.to] });
      if (query.service !== undefined)
        where.add('c.service = $service', { service: ['text', query.service] });
      return database.read('reading changes', signal, (session) =>
        selectRows<ChangeEvent>(
          session,
          `SELECT ${columnsOf(changeEventsTable, 'c')} FROM ${names.change_events} c
           WHERE ${where.sql} ORDER BY c."at" DESC, c.change_id LIMIT $row_limit`,
          { ...where.parameters, row_limit: ['integer', query.limit] },
          changeEventsTable.columns,
        ),
      );
    },
  };
}
