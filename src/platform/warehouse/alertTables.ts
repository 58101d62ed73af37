import type { ChangeEvent, MaintenanceWindow, StoredAlert } from '../../contracts';
import { table } from './table';

/** Alerts as they came, and what is known beside them. */

export const alertsTable = table<StoredAlert>(
  'alerts',
  {
    id: 'text',
    source: 'text',
    name: 'text',
    service: 'text?',
    resource: 'text?',
    severity: 'text',
    status: 'text',
    startsAt: 'timestamp',
    endsAt: 'timestamp?',
    labels: 'json',
    description: 'text',
    fingerprint: 'text',
    saidAt: 'timestamp',
    arrivedAt: 'timestamp',
    batchId: 'text',
  },
  { key: ['id'], partitionBy: 'startsAt', clusterBy: ['source', 'fingerprint'] },
);

export const maintenanceWindowsTable = table<MaintenanceWindow>(
  'maintenance_windows',
  {
    windowId: 'text',
    reason: 'text',
    services: 'json',
    teams: 'json',
    matchers: 'json',
    startsAt: 'timestamp',
    endsAt: 'timestamp',
    createdBy: 'text',
    createdAt: 'timestamp',
    endedBy: 'text?',
  },
  { key: ['windowId'], partitionBy: 'startsAt', clusterBy: ['windowId'] },
);

export const changeEventsTable = table<ChangeEvent>(
  'change_events',
  {
    changeId: 'text',
    source: 'text',
    kind: 'text',
    service: 'text?',
    title: 'text',
    description: 'text',
    version: 'text?',
    status: 'text?',
    at: 'timestamp',
    finishedAt: 'timestamp?',
    author: 'text?',
    url: 'text?',
    labels: 'json',
    arrivedAt: 'timestamp',
  },
  { key: ['changeId'], partitionBy: 'at', clusterBy: ['service'] },
);
