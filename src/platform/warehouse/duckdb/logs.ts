import type { LogOperations } from '../logOperations';
import { Conditions } from '../parameters';
import type { TableNames } from '../tableNames';
import type { DuckDbFile } from './file';
import { mergeRows } from './merge';
import { columnsOf, selectRows } from './query';
import { logEventsTable, logTemplatesTable } from '../tables';

export function logOperations(database: DuckDbFile, names: TableNames): LogOperations {
  return {
    async mergeLogEvents(rows, signal) {
      if (rows.length === 0) return;
      await database.write('storing log events', signal, (session) =>
        mergeRows(session, logEventsTable, names.log_events, rows),
      );
    },

    async logEventsBetween(query, signal) {
      const where = new Conditions()
        .add('e."at" >= $from_time', { from_time: ['timestamp', query.from] })
        .add('e."at" < $to_time', { to_time: ['timestamp', query.to] });
      if (query.instance !== undefined) {
        where.add('e.instance = $instance', { instance: ['text', query.instance] });
      }
      if (query.templateId !== undefined) {
        where.add('e.template_id = $template_id', { template_id: ['text', query.templateId] });
      }
      if (query.after !== undefined) {
        where.add(`(e."at" > $after_time OR (e."at" = $after_time AND e.record_id > $after_record))`, {
          after_time: ['timestamp', query.after.at],
          after_record: ['text', query.after.recordId],
        });
      }
      return database.read('reading log events', signal, (session) =>
        selectRows(
          session,
          `SELECT ${columnsOf(logEventsTable, 'e')} FROM ${names.log_events} e
           WHERE ${where.sql} ORDER BY e."at", e.record_id LIMIT $row_limit`,
          { ...where.parameters, row_limit: ['integer', query.limit] },
          logEventsTable.columns,
        ),
      );
    },

    async mergeLogTemplates(rows, signal) {
      if (rows.length === 0) return;
      await database.write('storing log templates', signal, (session) =>
        mergeRows(
          session,
          logTemplatesTable,
          names.log_templates,
          rows,
          'staged.updated_at >= stored.updated_at',
        ),
      );
    },

    async logTemplates(signal) {
      return database.read('reading log templates', signal, (session) =>
        selectRows(
          session,
          `SELECT ${columnsOf(logTemplatesTable, 't')} FROM ${names.log_templates} t ORDER BY t.template_id`,
          {},
          logTemplatesTable.columns,
        ),
      );
    },
  };
}
