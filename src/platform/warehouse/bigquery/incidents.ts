import { QuarterdeckError } from '../../../contracts';
import { searchWords } from '../searchWords';
import { Conditions } from '../parameters';
import { incidentsTable } from '../tables';
import type { Warehouse } from '../warehouse';
import { afterPosition, inWindow } from './conditions';
import { mergeRows, type MergeContext } from './merge';
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

export function incidentOperations(context: MergeContext): IncidentOperations {
  const { quoted, ownsIncidents } = context.references;
  const { columns } = incidentsTable;
  const select = `SELECT ${columnsOf(incidentsTable, 'i')} FROM ${quoted.incidents} i`;
  const inOrder = 'ORDER BY i.sys_created_on, i.number';

  const unprocessed = (query: { techCenter: string; quarantineSource: string }): Conditions =>
    new Conditions()
      .add('i.tech_center = @tech_center', { tech_center: ['text', query.techCenter] })
      .add(`NOT EXISTS (SELECT 1 FROM ${quoted.preprocessed_incidents} p WHERE p.number = i.number)`)
      .add(
        `NOT EXISTS (SELECT 1 FROM ${quoted.quarantined_rows} q WHERE q.source = @source AND q.\`key\` = i.number)`,
        { source: ['text', query.quarantineSource] },
      );

  const operations: IncidentOperations = {
    async mergeIncidents(rows, signal) {
      if (rows.length === 0) return;
      if (!ownsIncidents) {
        throw new QuarterdeckError('WAREHOUSE_REJECTED', `${quoted.incidents} is a source to read only`, {
          culprit: { setting: 'QUARTERDECK_INCIDENTS_TABLE' },
        });
      }
      await mergeRows(context, 'storing incidents', incidentsTable, rows, signal);
    },

    async incident(number, signal) {
      return (await operations.incidents([number], signal))[0];
    },

    async incidents(numbers, signal) {
      if (numbers.length === 0) return [];
      return selectRows(
        context,
        'reading incidents',
        `${select} WHERE i.number IN UNNEST(@numbers) ${inOrder}`,
        { numbers: ['texts', numbers] },
        columns,
        signal,
      );
    },

    async techCenters(signal) {
      return selectRows(
        context,
        'reading tech centres',
        `SELECT tech_center, COUNT(*), MAX(sys_created_on) FROM ${quoted.incidents}
           GROUP BY tech_center ORDER BY tech_center`,
        {},
        [
          { property: 'techCenter', kind: 'text' },
          { property: 'incidents', kind: 'integer' },
          { property: 'lastCreatedOn', kind: 'timestamp' },
        ],
        signal,
      );
    },

    async incidentsBetween(query, signal) {
      const where = inWindow('i', query);
      return selectRows(
        context,
        'reading incidents',
        `${select} WHERE ${where.sql} ${inOrder} LIMIT @row_limit`,
        { ...where.parameters, row_limit: ['integer', query.limit] },
        columns,
        signal,
      );
    },

    async unprocessedIncidents(query, signal) {
      const where = unprocessed(query);
      if (query.from !== undefined) {
        where.add('i.sys_created_on >= @from_time', { from_time: ['timestamp', query.from] });
      }
      afterPosition(where, 'i', query.after);
      return selectRows(
        context,
        'reading new incidents',
        `${select} WHERE ${where.sql} ${inOrder} LIMIT @row_limit`,
        { ...where.parameters, row_limit: ['integer', query.limit] },
        columns,
        signal,
      );
    },

    async countUnprocessedBefore(query, signal) {
      const where = unprocessed(query).add('i.sys_created_on < @before_time', {
        before_time: ['timestamp', query.before],
      });
      const [row] = await selectRows<{ incidents: number }>(
        context,
        'counting late incidents',
        `SELECT COUNT(*) FROM ${quoted.incidents} i WHERE ${where.sql}`,
        where.parameters,
        [{ property: 'incidents', kind: 'integer' }],
        signal,
      );
      return row!.incidents;
    },

    async searchIncidents(query, signal) {
      const where = new Conditions();
      if (query.techCenter !== undefined) {
        where.add('i.tech_center = @tech_center', { tech_center: ['text', query.techCenter] });
      }
      for (const [index, word] of searchWords(query.text).entries()) {
        where.add(
          `(STRPOS(LOWER(i.short_description), LOWER(@word${index})) > 0
            OR STRPOS(LOWER(i.number), LOWER(@word${index})) > 0)`,
          { [`word${index}`]: ['text', word] },
        );
      }
      return selectRows(
        context,
        'searching incidents',
        `${select} WHERE ${where.sql} ORDER BY i.sys_created_on DESC, i.number DESC LIMIT @row_limit`,
        { ...where.parameters, row_limit: ['integer', query.limit] },
        columns,
        signal,
      );
    },
  };
  return operations;
}
