import type { MaintenanceWindow } from '../../../contracts';
import type { AlertOperations } from '../alertOperations';
import { Conditions } from '../parameters';
import { maintenanceWindowsTable } from '../tables';
import { mergeRows, type MergeContext } from './merge';
import { columnsOf, selectRows } from './query';

export function maintenanceOperations(
  context: MergeContext,
): Pick<AlertOperations, 'mergeMaintenanceWindows' | 'maintenanceWindows'> {
  const { quoted } = context.references;

  return {
    async mergeMaintenanceWindows(rows, signal) {
      if (rows.length === 0) return;
      await mergeRows(context, 'storing maintenance windows', maintenanceWindowsTable, rows, signal);
    },

    async maintenanceWindows(query, signal) {
      const where = new Conditions();
      if (query.windowId !== undefined) {
        where.add('w.window_id = @window_id', { window_id: ['text', query.windowId] });
      }
      if (query.from !== undefined)
        where.add('w.ends_at > @from_time', { from_time: ['timestamp', query.from] });
      if (query.to !== undefined) where.add('w.starts_at < @to_time', { to_time: ['timestamp', query.to] });
      return selectRows<MaintenanceWindow>(
        context,
        'reading maintenance windows',
        `SELECT ${columnsOf(maintenanceWindowsTable, 'w')} FROM ${quoted.maintenance_windows} w
           WHERE ${where.sql} ORDER BY w.starts_at, w.window_id LIMIT @row_limit`,
        { ...where.parameters, row_limit: ['integer', query.limit] },
        maintenanceWindowsTable.columns,
        signal,
      );
    },
  };
}
