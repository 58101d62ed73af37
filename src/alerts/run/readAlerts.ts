import type { Alert, ConsolidatedAlert, StoredAlert, Timestamp } from '../../contracts';
import type { Platform } from '../../platform/platform';

const perPage = 10_000;

/** All alerts of a time, page by page, in the order of their starts. */
export async function readAlerts(
  { warehouse }: Pick<Platform, 'warehouse'>,
  query: {
    readonly from: Timestamp;
    readonly to: Timestamp;
    readonly openAt?: Timestamp;
    /** Of those that fire since before `from` only what was spoken of at this time or later. */
    readonly openSince?: Timestamp;
    /** Leaves out what was first heard of later. */
    readonly arrivedBy?: Timestamp;
    /** Leaves out what was first heard of then or before. */
    readonly arrivedAfter?: Timestamp;
    readonly most?: number;
  },
  signal: AbortSignal,
): Promise<Alert[]> {
  const { arrivedBy, most = Infinity, ...between } = query;
  const alerts: Alert[] = [];
  let after: { startsAt: Timestamp; id: string } | undefined;
  while (alerts.length < most) {
    const page = await warehouse.alertsBetween(
      { ...between, limit: perPage, ...(after && { after }) },
      signal,
    );
    for (const row of page) {
      if (arrivedBy === undefined || row.arrivedAt <= arrivedBy) alerts.push(alertOf(row));
    }
    const end = page.at(-1);
    if (page.length < perPage || !end) break;
    after = { startsAt: end.startsAt, id: end.id };
  }
  return alerts;
}

/** Those alerts that are stored, as they are now. */
export async function readAlertsByIds(
  { warehouse }: Pick<Platform, 'warehouse'>,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<Alert[]> {
  const alerts: Alert[] = [];
  for (let first = 0; first < ids.length; first += perPage) {
    const page = await warehouse.alertsByIds(ids.slice(first, first + perPage), signal);
    alerts.push(...page.map(alertOf));
  }
  return alerts;
}

function alertOf({ saidAt: _said, arrivedAt: _arrived, batchId: _batch, ...alert }: StoredAlert): Alert {
  return alert;
}

/** More members than this are no group that anybody looks at one by one. */
const mostMembers = 100_000;

/** The alerts of one group of a run. */
export async function readMembers(
  { warehouse }: Pick<Platform, 'warehouse'>,
  { runId, groupId }: { readonly runId: string; readonly groupId: string },
  signal: AbortSignal,
): Promise<ConsolidatedAlert[]> {
  const members: ConsolidatedAlert[] = [];
  while (members.length < mostMembers) {
    const page = await warehouse.consolidatedAlerts(
      { runId, groupId, limit: perPage, offset: members.length },
      signal,
    );
    members.push(...page);
    if (page.length < perPage) break;
  }
  return members;
}
