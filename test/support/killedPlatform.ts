import type { Platform } from '../../src/platform/platform';
import type { Warehouse } from '../../src/platform/warehouse/warehouse';
import { killAt, Killed } from './killedBlobs';

const warehouseChanges: readonly (keyof Warehouse)[] = [
  'mergeIncidents',
  'mergePreprocessed',
  'advanceWatermark',
  'mergePredictions',
  'mergeQuarantined',
  'mergeMetricPoints',
  'mergeLogEvents',
  'mergeLogTemplates',
  'recordRun',
  'mergeAlerts',
  'mergeMaintenanceWindows',
  'mergeChangeEvents',
  'mergeConsolidatedAlerts',
  'mergeAlertGroups',
  'mergeAlertClusters',
  'mergeDeduplicatedAlerts',
  'mergeAlertMappingStatistics',
  'recordAlertGrouping',
];

/**
 * The outside as a process sees it that is killed at its `step`-th change (from 1) of blobs, queues or tables: before the
 * change is made, or after it was made but before the process knew. Nothing works for it from then on.
 */
export function killedPlatform<P extends Platform>(
  platform: P,
  step: number,
  when: 'before' | 'after',
): { platform: P; killed: () => boolean } {
  const { change, killed } = killAt(step, when);
  const { blobs, rawLogs, queues } = platform;
  const warehouse = new Proxy(platform.warehouse, {
    get(target, name) {
      const method = target[name as keyof Warehouse] as (...parameters: unknown[]) => Promise<unknown>;
      return (...parameters: unknown[]) => {
        if (killed()) return Promise.reject(new Killed());
        return warehouseChanges.includes(name as keyof Warehouse)
          ? change(() => method(...parameters))
          : method(...parameters);
      };
    },
  });
  return {
    killed,
    platform: {
      ...platform,
      warehouse,
      blobs: {
        ...blobs,
        write: (...parameters) => change(() => blobs.write(...parameters)),
        delete: (...parameters) => change(() => blobs.delete(...parameters)),
      },
      rawLogs: {
        ...rawLogs,
        write: (...parameters) => change(() => rawLogs.write(...parameters)),
        delete: (...parameters) => change(() => rawLogs.delete(...parameters)),
      },
      queues: { ...queues, send: (...parameters) => change(() => queues.send(...parameters)) },
    },
  };
}
