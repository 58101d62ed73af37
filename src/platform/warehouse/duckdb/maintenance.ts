import type { MaintenanceWindow } from '../../../contracts';
import type { AlertOperations } from '../alertOperations';
import { Conditions } from '../parameters';
import type { TableNames } from '../tableNames';
import { maintenanceWindowsTable } from '../tables';
import type { DuckDbFile } from './file';
import { mergeRows } from './merge';
import { columnsOf, selectRows } from './query';

export function maintenanceOperations(
  database: DuckDbFile,
  names: TableNames,
): Pick<AlertOperations, 'mergeMaintenanceWindows' | 'maintenanceWindows'> {
  return {
    async mergeMaintenanceWindows(rows, signal) {
      if (rows.length === 0) return;
      await database.write('storing maintenance windows', signal, (session) =>
        mergeRows(session, maintenanceWindowsTable, names.maintenance_windows, rows),
      );
    },

    async maintenanceWindows(query, signal) {
      const where = new Conditions();
      if (query.windowId !== undefined) {
        where.add('w.window_id = $window_id', { window_id: ['text', query.windowId] });
      }
      if (query.from !== undefined)
        where.add('w.ends_at > $from_time', { from_time: ['timestamp', query.from] });
      if (query.to !== undefined) where.add('w.starts_at < $to_time', { to_time: ['timestamp', query.to] });
      return database.read('reading maintenance windows', signal, (session) =>
        selectRows<MaintenanceWindow>(
          session,
          `SELECT ${columnsOf(maintenanceWindowsTable, 'w')} FROM ${names.maintenance_windows} w
           WHERE ${where.sql} ORDER BY w.starts_at, w.window_id LIMIT $row_limit`,
          { ...where.parameters, row_limit: ['integer', query.limit] },
          maintenanceWindowsTable.columns,
        ),
      );
    },
  };
}
