import { alertAssignments, oneForEachFiring } from '../alertMerge';
import type { AlertHistory, AlertOperations, AlertQuery } from '../alertOperations';
import { Conditions, type Parameters } from '../parameters';
import type { TableNames } from '../tableNames';
import { alertsTable } from '../tables';
import type { DuckDbFile } from './file';
import { mergeRows } from './merge';
import { columnsOf, selectRows, type OutputColumn } from './query';

const historyColumns: readonly OutputColumn[] = [
  { property: 'fingerprint', kind: 'text' },
  { property: 'firings', kind: 'integer' },
  { property: 'firstAt', kind: 'timestamp' },
  { property: 'lastAt', kind: 'timestamp' },
];
const sourceColumns: readonly OutputColumn[] = [
  { property: 'source', kind: 'text' },
  { property: 'alerts', kind: 'integer' },
];

type AlertTableOperations = Pick<
  AlertOperations,
  'mergeAlerts' | 'alertsBetween' | 'alertsByIds' | 'firingsOf' | 'alertHistory' | 'alertSources'
>;

export function alertOperations(database: DuckDbFile, names: TableNames): AlertTableOperations {
  const select = (
    doing: string,
    where: Conditions,
    signal: AbortSignal,
    limit?: number,
  ): ReturnType<AlertOperations['alertsBetween']> => {
    const parameters: Parameters =
      limit === undefined ? where.parameters : { ...where.parameters, row_limit: ['integer', limit] };
    return database.read(doing, signal, (session) =>
      selectRows(
        session,
        `SELECT ${columnsOf(alertsTable, 'a')} FROM ${names.alerts} a
         WHERE ${where.sql} ORDER BY a.starts_at, a.id ${limit === undefined ? '' : 'LIMIT $row_limit'}`,
        parameters,
        alertsTable.columns,
      ),
    );
  };

  return {
    async mergeAlerts(rows, signal) {
      if (rows.length === 0) return;
      await database.write('storing alerts', signal, (session) =>
        mergeRows(
          session,
          alertsTable,
          names.alerts,
          oneForEachFiring(rows),
          undefined,
          alertAssignments('$'),
        ),
      );
    },

    async alertsBetween(query, signal) {
      const where = alertsWhere(query);
      if (query.source !== undefined) where.add('a.source = $source', { source: ['text', query.source] });
      if (query.arrivedAfter !== undefined) {
        where.add('a.arrived_at > $arrived_after', { arrived_after: ['timestamp', query.arrivedAfter] });
      }
      if (query.after !== undefined) {
        where.add('(a.starts_at > $after_time OR (a.starts_at = $after_time AND a.id > $after_id))', {
          after_time: ['timestamp', query.after.startsAt],
          after_id: ['text', query.after.id],
        });
      }
      return select('reading alerts', where, signal, query.limit);
    },

    async alertsByIds(ids, signal) {
      if (ids.length === 0) return [];
      const where = new Conditions().add('a.id IN (SELECT unnest($ids))', { ids: ['texts', ids] });
      return select('reading alerts by id', where, signal);
    },

    async firingsOf({ fingerprints, from }, signal) {
      if (fingerprints.length === 0) return [];
      const where = new Conditions()
        .add('a.fingerprint IN (SELECT unnest($fingerprints))', { fingerprints: ['texts', fingerprints] })
        .add('(a.starts_at >= $from_time OR a.status <> $resolved)', {
          from_time: ['timestamp', from],
          resolved: ['text', 'resolved'],
        });
      return select('reading firings of conditions', where, signal);
    },

    async alertHistory({ from, to, fingerprints }, signal) {
      const where = new Conditions()
        .add('a.starts_at >= $from_time', { from_time: ['timestamp', from] })
        .add('a.starts_at < $to_time', { to_time: ['timestamp', to] });
      if (fingerprints !== undefined) {
        where.add('a.fingerprint IN (SELECT unnest($fingerprints))', {
          fingerprints: ['texts', fingerprints],
        });
      }
      return database.read('counting firings', signal, (session) =>
        selectRows<AlertHistory>(
          session,
          `SELECT a.fingerprint, count(*), min(a.starts_at), max(a.starts_at) FROM ${names.alerts} a
           WHERE ${where.sql} GROUP BY a.fingerprint ORDER BY a.fingerprint`,
          where.parameters,
          historyColumns,
        ),
      );
    },

    async alertSources(query, signal) {
      const where = alertsWhere(query);
      return database.read('reading sources of alerts', signal, (session) =>
        selectRows<{ source: string; alerts: number }>(
          session,
          `SELECT a.source, count(*) FROM ${names.alerts} a WHERE ${where.sql} GROUP BY a.source ORDER BY a.source`,
          where.parameters,
          sourceColumns,
        ),
      );
    },
  };
}

type Times = Pick<AlertQuery, 'from' | 'to' | 'openAt' | 'openSince'>;

function alertsWhere({ from, to, openAt, openSince }: Times): Conditions {
  const within = 'a.starts_at >= $from_time AND a.starts_at < $to_time';
  const times: Parameters = { from_time: ['timestamp', from], to_time: ['timestamp', to] };
  if (openAt === undefined) return new Conditions().add(`(${within})`, times);
  const since = openSince === undefined ? '' : ' AND a.said_at >= $open_since';
  const open = `a.starts_at <= $open_at AND (a.status <> $resolved OR a.ends_at > $open_at)${since}`;
  return new Conditions().add(`((${within}) OR (${open}))`, {
    ...times,
    open_at: ['timestamp', openAt],
    resolved: ['text', 'resolved'],
    ...(openSince !== undefined && { open_since: ['timestamp', openSince] }),
  });
}
