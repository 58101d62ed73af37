import {
  alertClustersTable,
  alertFeedbackTable,
  alertGroupingRunsTable,
  alertGroupsTable,
  alertMappingStatisticsTable,
  consolidatedAlertsTable,
  deduplicatedAlertsTable,
} from './alertGroupTables';
import type { AlertGroupOperations, AlertGroupQuery } from './alertGroupOperations';
import { Conditions, type Parameters as BoundParameters } from './parameters';
import { searchWords } from './searchWords';
import type { ColumnKind, Table } from './table';
import type { TableNames } from './tableNames';

/**
 * The reads of grouping results. Both engines take the same words here; they differ in how parameters and names are
 * written.
 */
export interface AlertGroupDialect {
  readonly names: TableNames;
  readonly parameter: (name: string) => string;
  /** A column whose name is a reserved word. */
  readonly quoted: (name: string) => string;
  readonly columnsOf: <Row>(table: Table<Row>, alias: string) => string;
  /** Condition that a text is one of a list parameter. */
  readonly among: (text: string, parameter: string) => string;
}

export interface Statement {
  readonly doing: string;
  readonly sql: string;
  readonly parameters: BoundParameters;
  readonly columns: readonly { readonly property: string; readonly kind: ColumnKind }[];
}

type Query<Name extends keyof AlertGroupOperations> = Parameters<AlertGroupOperations[Name]>[0];

/** Importance has fractions, and statements take whole numbers. */
const millionths = 1_000_000;

export function alertGroupStatements(dialect: AlertGroupDialect) {
  const { names, parameter, columnsOf } = dialect;
  const recorded = `SELECT r.run_id FROM ${names.alert_grouping_runs} r`;
  const limit = `LIMIT ${parameter('row_limit')}`;
  const page = `${limit} OFFSET ${parameter('row_offset')}`;

  const filtered = (query: AlertGroupQuery): { where: Conditions; inner: Conditions } => {
    const inner = new Conditions().add(`x.run_id IN (${recorded})`);
    const where = new Conditions().add('g.superseded_by IS NULL');
    if (query.from !== undefined) {
      // No run is before the alerts that it grouped: older rows need not be looked at.
      inner.add(`x.run_at >= ${parameter('from_time')}`, { from_time: ['timestamp', query.from] });
      where.add(`(g.last_at >= ${parameter('from_time')} OR g.state = ${parameter('open')})`, {
        open: ['text', 'open'],
      });
    }
    if (query.state !== undefined)
      where.add(`g.state = ${parameter('state')}`, { state: ['text', query.state] });
    if (query.severity !== undefined)
      where.add(`g.severity = ${parameter('severity')}`, { severity: ['text', query.severity] });
    if (query.service !== undefined) {
      where.add(`STRPOS(g.service_ids, ${parameter('service')}) > 0`, {
        service: ['text', `\n${query.service}\n`],
      });
    }
    if (query.minimumImportance !== undefined) {
      where.add(`g.importance >= ${parameter('minimum')} / ${millionths}`, {
        minimum: ['integer', Math.round(query.minimumImportance * millionths)],
      });
    }
    for (const [index, word] of searchWords(query.text ?? '').entries()) {
      where.add(`STRPOS(LOWER(g.name), LOWER(${parameter(`word${index}`)})) > 0`, {
        [`word${index}`]: ['text', word],
      });
    }
    return { where, inner };
  };

  const newest = (inner: Conditions): string => `SELECT x.run_id, x.group_id FROM ${names.alert_groups} x
    WHERE ${inner.sql}
    QUALIFY ROW_NUMBER() OVER (PARTITION BY x.group_id ORDER BY x.run_at DESC, x.run_id DESC) = 1`;
  const newestGroups = (inner: Conditions): string =>
    `FROM ${names.alert_groups} g JOIN (${newest(inner)}) n ON n.run_id = g.run_id AND n.group_id = g.group_id`;

  return {
    runs(query: Query<'alertGroupingRuns'>): Statement {
      const where = new Conditions();
      if (query.runId !== undefined)
        where.add(`r.run_id = ${parameter('run_id')}`, { run_id: ['text', query.runId] });
      if (query.scope !== undefined)
        where.add(`r.scope = ${parameter('scope')}`, { scope: ['text', query.scope] });
      if (query.before !== undefined)
        where.add(`r.run_at < ${parameter('before_time')}`, { before_time: ['timestamp', query.before] });
      return {
        doing: 'reading grouping runs',
        sql: `SELECT ${columnsOf(alertGroupingRunsTable, 'r')} FROM ${names.alert_grouping_runs} r
          WHERE ${where.sql} ORDER BY r.run_at DESC, r.run_id DESC ${limit}`,
        parameters: { ...where.parameters, row_limit: ['integer', query.limit] },
        columns: alertGroupingRunsTable.columns,
      };
    },

    groups(query: Query<'alertGroups'>): Statement {
      const { where, inner } = filtered(query);
      return {
        doing: 'reading alert groups',
        sql: `SELECT ${columnsOf(alertGroupsTable, 'g')} ${newestGroups(inner)}
          WHERE ${where.sql} ORDER BY g.importance DESC, g.started_at DESC, g.group_id ${page}`,
        parameters: {
          ...inner.parameters,
          ...where.parameters,
          row_limit: ['integer', query.limit],
          row_offset: ['integer', query.offset],
        },
        columns: alertGroupsTable.columns,
      };
    },

    countGroups(query: AlertGroupQuery): Statement {
      const { where, inner } = filtered(query);
      return {
        doing: 'counting alert groups',
        sql: `SELECT COUNT(*) ${newestGroups(inner)} WHERE ${where.sql}`,
        parameters: { ...inner.parameters, ...where.parameters },
        columns: [{ property: 'count', kind: 'integer' }],
      };
    },

    group(groupId: string): Statement {
      const inner = new Conditions()
        .add(`x.run_id IN (${recorded})`)
        .add(`x.group_id = ${parameter('group_id')}`, { group_id: ['text', groupId] });
      return {
        doing: 'reading an alert group',
        sql: `SELECT ${columnsOf(alertGroupsTable, 'g')} ${newestGroups(inner)}`,
        parameters: inner.parameters,
        columns: alertGroupsTable.columns,
      };
    },

    groupsOfRun(runId: string): Statement {
      return {
        doing: 'reading the groups of a run',
        sql: `SELECT ${columnsOf(alertGroupsTable, 'g')} FROM ${names.alert_groups} g
          WHERE g.run_id = ${parameter('run_id')} AND g.superseded_by IS NULL
          ORDER BY g.importance DESC, g.started_at DESC, g.group_id`,
        parameters: { run_id: ['text', runId] },
        columns: alertGroupsTable.columns,
      };
    },

    consolidated(query: Query<'consolidatedAlerts'>): Statement {
      const where = new Conditions().add(`c.run_id = ${parameter('run_id')}`, {
        run_id: ['text', query.runId],
      });
      if (query.groupId !== undefined)
        where.add(`c.group_id = ${parameter('group_id')}`, { group_id: ['text', query.groupId] });
      return {
        doing: 'reading grouped alerts',
        sql: `SELECT ${columnsOf(consolidatedAlertsTable, 'c')} FROM ${names.alert_consolidation} c
          WHERE ${where.sql}
          ORDER BY CASE WHEN c.role = ${parameter('first_role')} THEN 0 WHEN c.role = ${parameter('second_role')} THEN 1 ELSE 2 END, c.starts_at, c.alert_id ${page}`,
        parameters: {
          ...where.parameters,
          first_role: ['text', 'primary'],
          second_role: ['text', 'symptom'],
          row_limit: ['integer', query.limit],
          row_offset: ['integer', query.offset],
        },
        columns: consolidatedAlertsTable.columns,
      };
    },

    members(runId: string): Statement {
      return {
        doing: 'reading which group alerts were put into',
        sql: `SELECT c.alert_id, c.group_id FROM ${names.alert_consolidation} c
          WHERE c.run_id = ${parameter('run_id')} AND c.group_id IS NOT NULL ORDER BY c.alert_id`,
        parameters: { run_id: ['text', runId] },
        columns: [
          { property: 'alertId', kind: 'text' },
          { property: 'groupId', kind: 'text' },
        ],
      };
    },

    clusters(runId: string): Statement {
      return {
        doing: 'reading kinds of alerts',
        sql: `SELECT ${columnsOf(alertClustersTable, 'k')} FROM ${names.alert_clusters} k
          WHERE k.run_id = ${parameter('run_id')} ORDER BY k.cluster`,
        parameters: { run_id: ['text', runId] },
        columns: alertClustersTable.columns,
      };
    },

    deduplicated(query: Query<'deduplicatedAlerts'>): Statement {
      return {
        doing: 'reading primary alerts',
        sql: `SELECT ${columnsOf(deduplicatedAlertsTable, 'd')} FROM ${names.deduplicated_alerts} d
          WHERE d.run_id = ${parameter('run_id')} ORDER BY d.starts_at, d.alert_id ${limit}`,
        parameters: { run_id: ['text', query.runId], row_limit: ['integer', query.limit] },
        columns: deduplicatedAlertsTable.columns,
      };
    },

    mappingStatistics(runId: string): Statement {
      return {
        doing: 'reading how alerts were mapped',
        sql: `SELECT ${columnsOf(alertMappingStatisticsTable, 'm')} FROM ${names.alert_mapping_statistics} m
          WHERE m.run_id = ${parameter('run_id')} ORDER BY m.source, m.method`,
        parameters: { run_id: ['text', runId] },
        columns: alertMappingStatisticsTable.columns,
      };
    },

    /** Newest first: what was said last counts where not all is read. */
    feedback(query: Query<'alertFeedback'>): Statement {
      const where = new Conditions();
      if (query.groupId !== undefined)
        where.add(`f.group_id = ${parameter('group_id')}`, { group_id: ['text', query.groupId] });
      return {
        doing: 'reading feedback on alert groups',
        sql: `SELECT ${columnsOf(alertFeedbackTable, 'f')} FROM ${names.alert_feedback} f
          WHERE ${where.sql} ORDER BY f.${dialect.quoted('at')} DESC, f.feedback_id DESC ${limit}`,
        parameters: { ...where.parameters, row_limit: ['integer', query.limit] },
        columns: alertFeedbackTable.columns,
      };
    },

    countFeedback(groupIds: readonly string[]): Statement {
      return {
        doing: 'counting feedback on alert groups',
        sql: `SELECT f.group_id, COUNT(*) FROM ${names.alert_feedback} f
          WHERE ${dialect.among('f.group_id', 'group_ids')} GROUP BY f.group_id ORDER BY f.group_id`,
        parameters: { group_ids: ['texts', groupIds] },
        columns: [
          { property: 'groupId', kind: 'text' },
          { property: 'feedback', kind: 'integer' },
        ],
      };
    },
  };
}
