import type { StoredAlertGroup, StoredGroupFeedback } from '../../../contracts';
import type { AlertGroupOperations } from '../alertGroupOperations';
import { alertGroupStatements, type Statement } from '../alertGroupSql';
import type { TableNames } from '../tableNames';
import {
  alertClustersTable,
  alertFeedbackTable,
  alertGroupingRunsTable,
  alertGroupsTable,
  alertMappingStatisticsTable,
  consolidatedAlertsTable,
  deduplicatedAlertsTable,
  type Table,
} from '../tables';
import type { DuckDbFile } from './file';
import { mergeRows } from './merge';
import { columnsOf, selectRows } from './query';

export function alertGroupOperations(database: DuckDbFile, names: TableNames): AlertGroupOperations {
  const statements = alertGroupStatements({
    names,
    columnsOf,
    parameter: (name) => `$${name}`,
    quoted: (name) => `"${name}"`,
    among: (text, parameter) => `list_contains($${parameter}, ${text})`,
  });
  const read = <Row>({ doing, sql, parameters, columns }: Statement, signal: AbortSignal): Promise<Row[]> =>
    database.read(doing, signal, (session) => selectRows<Row>(session, sql, parameters, columns));
  const store = async <Row>(doing: string, table: Table<Row>, rows: readonly Row[], signal: AbortSignal) => {
    if (rows.length === 0) return;
    await database.write(doing, signal, (session) => mergeRows(session, table, names[table.id], rows));
  };

  return {
    mergeConsolidatedAlerts: (rows, signal) =>
      store('storing grouped alerts', consolidatedAlertsTable, rows, signal),
    mergeAlertGroups: (rows, signal) => store('storing alert groups', alertGroupsTable, rows, signal),
    mergeAlertClusters: (rows, signal) => store('storing kinds of alerts', alertClustersTable, rows, signal),
    mergeDeduplicatedAlerts: (rows, signal) =>
      store('storing primary alerts', deduplicatedAlertsTable, rows, signal),
    mergeAlertMappingStatistics: (rows, signal) =>
      store('storing how alerts were mapped', alertMappingStatisticsTable, rows, signal),
    mergeAlertFeedback: (rows, signal) =>
      store('storing feedback on alert groups', alertFeedbackTable, rows, signal),
    recordAlertGrouping: (run, signal) =>
      store('recording a grouping run', alertGroupingRunsTable, [run], signal),

    alertGroupingRuns: (query, signal) => read(statements.runs(query), signal),
    alertGroups: (query, signal) => read(statements.groups(query), signal),
    async countAlertGroups(query, signal) {
      const [row] = await read<{ count: number }>(statements.countGroups(query), signal);
      return row!.count;
    },
    alertGroup: async (groupId, signal) =>
      (await read<StoredAlertGroup>(statements.group(groupId), signal))[0],
    alertGroupsOfRun: (runId, signal) => read(statements.groupsOfRun(runId), signal),
    consolidatedAlerts: (query, signal) => read(statements.consolidated(query), signal),
    alertGroupMembers: (runId, signal) => read(statements.members(runId), signal),
    alertClusters: (runId, signal) => read(statements.clusters(runId), signal),
    deduplicatedAlerts: (query, signal) => read(statements.deduplicated(query), signal),
    alertMappingStatistics: (runId, signal) => read(statements.mappingStatistics(runId), signal),
    alertFeedback: async (query, signal) =>
      (await read<StoredGroupFeedback>(statements.feedback(query), signal)).reverse(),
    countAlertFeedback: async (groupIds, signal) =>
      groupIds.length === 0 ? [] : read(statements.countFeedback(groupIds), signal),
  };
}
