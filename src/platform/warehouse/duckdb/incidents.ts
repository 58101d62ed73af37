import { searchWords } from '../searchWords';
import { Conditions } from '../parameters';
import type { TableNames } from '../tableNames';
import { incidentsTable } from '../tables';
import type { Warehouse } from '../warehouse';
import { afterPosition, inWindow } from './conditions';
import type { DuckDbFile } from './file';
import { mergeRows } from './merge';
import { columnsOf, selectRows } from './query';

type IncidentOperations = Pick<
  Warehouse,
  | 'mergeIncidents'
  | 'incident'
  | 'incidents'
  | 'techCenters'
  | 'incidentsBetween'
  | 'unprocessedIncidents'
  | 'countUnprocessedBefore'
  | 'searchIncidents'
>;

export function incidentOperations(database: DuckDbFile, names: TableNames): IncidentOperations {
  const { columns } = incidentsTable;
  const select = `SELECT ${columnsOf(incidentsTable, 'i')} FROM ${names.incidents} i`;
  const inOrder = 'ORDER BY i.sys_created_on, i.number';

  const unprocessed = (query: { techCenter: string; quarantineSource: string }): Conditions =>
    new Conditions()
      .add('i.tech_center = $tech_center', { tech_center: ['text', query.techCenter] })
      .add(`NOT EXISTS (SELECT 1 FROM ${names.preprocessed_incidents} p WHERE p.number = i.number)`)
      .add(
        `NOT EXISTS (SELECT 1 FROM ${names.quarantined_rows} q WHERE q.source = $source AND q.key = i.number)`,
        { source: ['text', query.quarantineSource] },
      );

  const operations: IncidentOperations = {
    async mergeIncidents(rows, signal) {
      if (rows.length === 0) return;
      await database.write('storing incidents', signal, (session) =>
        mergeRows(session, incidentsTable, names.incidents, rows),
      );
    },

    async incident(number, signal) {
      return (await operations.incidents([number], signal))[0];
    },

    async incidents(numbers, signal) {
      if (numbers.length === 0) return [];
      return database.read('reading incidents', signal, (session) =>
        selectRows(
          session,
          `${select} WHERE i.number IN (SELECT unnest($numbers)) ${inOrder}`,
          { numbers: ['texts', numbers] },
          columns,
        ),
      );
    },

    async techCenters(signal) {
      return database.read('reading tech centres', signal, (session) =>
        selectRows(
          session,
          `SELECT tech_center, count(*), max(sys_created_on) FROM ${names.incidents}
           GROUP BY tech_center ORDER BY tech_center`,
          {},
          [
            { property: 'techCenter', kind: 'text' },
            { property: 'incidents', kind: 'integer' },
            { property: 'lastCreatedOn', kind: 'timestamp' },
          ],
        ),
      );
    },

    async incidentsBetween(query, signal) {
      const where = inWindow('i', query);
      return database.read('reading incidents', signal, (session) =>
        selectRows(
          session,
          `${select} WHERE ${where.sql} ${inOrder} LIMIT $row_limit`,
          { ...where.parameters, row_limit: ['integer', query.limit] },
          columns,
        ),
      );
    },

    async unprocessedIncidents(query, signal) {
      const where = unprocessed(query);
      if (query.from !== undefined) {
        where.add('i.sys_created_on >= $from_time', { from_time: ['timestamp', query.from] });
      }
      afterPosition(where, 'i', query.after);
      return database.read('reading new incidents', signal, (session) =>
        selectRows(
          session,
          `${select} WHERE ${where.sql} ${inOrder} LIMIT $row_limit`,
          { ...where.parameters, row_limit: ['integer', query.limit] },
          columns,
        ),
      );
    },

    async countUnprocessedBefore(query, signal) {
      const where = unprocessed(query).add('i.sys_created_on < $before_time', {
        before_time: ['timestamp', query.before],
      });
      const [row] = await database.read('counting late incidents', signal, (session) =>
        selectRows<{ incidents: number }>(
          session,
          `SELECT count(*) FROM ${names.incidents} i WHERE ${where.sql}`,
          where.parameters,
          [{ property: 'incidents', kind: 'integer' }],
        ),
      );
      return row!.incidents;
    },

    async searchIncidents(query, signal) {
      const where = new Conditions();
      if (query.techCenter !== undefined) {
        where.add('i.tech_center = $tech_center', { tech_center: ['text', query.techCenter] });
      }
      for (const [index, word] of searchWords(query.text).entries()) {
        where.add(
          `(contains(lower(i.short_description), lower($word${index})) OR contains(lower(i.number), lower($word${index})))`,
          { [`word${index}`]: ['text', word] },
        );
      }
      return database.read('searching incidents', signal, (session) =>
        selectRows(
          session,
          `${select} WHERE ${where.sql} ORDER BY i.sys_created_on DESC, i.number DESC LIMIT $row_limit`,
          { ...where.parameters, row_limit: ['integer', query.limit] },
          columns,
        ),
      );
    },
  };
  return operations;
}
