import { QuarterdeckError, toTimestamp, type MaintenanceWindow, type Timestamp } from '../../contracts';
import type {
  CreateMaintenanceWindow,
  EndMaintenanceWindow,
  MaintenanceWindowQuery,
} from '../../contracts/alertHttp';
import type { Platform } from '../../platform/platform';
import { readAlertTime } from '../ingest/alertTime';
import { LocalTime } from '../ingest/localTime';

/** Longest window: beyond a month somebody forgot to end it. */
const longestDays = 31;
const windowsShown = 1_000;

/**
 * Enters a window. Times without a zone are read in ALERT_TIME_ZONE; without a start it begins now.
 * @throws INPUT_INVALID naming the field: no criterion, an end before the start, or a window longer than 31 days.
 */
export async function createMaintenanceWindow(
  platform: Platform,
  given: CreateMaintenanceWindow,
  signal: AbortSignal,
): Promise<MaintenanceWindow> {
  const { services = [], teams = [], matchers = [] } = given;
  if (services.length + teams.length + matchers.length === 0) {
    throw invalid('services', 'a window names services, teams or matchers: none would silence everything');
  }
  const now = toTimestamp(platform.clock.now());
  const local = new LocalTime(platform.settings.ALERT_TIME_ZONE);
  const startsAt = given.startsAt === undefined ? now : timeOf('startsAt', given.startsAt, local);
  const endsAt = timeOf('endsAt', given.endsAt, local);
  if (endsAt <= startsAt) throw invalid('endsAt', `the window ends at ${endsAt}, not after its start`);
  if (Date.parse(endsAt) - Date.parse(startsAt) > longestDays * 86_400_000) {
    throw invalid('endsAt', `a window lasts ${longestDays} days at most`);
  }
  if (endsAt <= now) throw invalid('endsAt', `the window would be over already: it ends at ${endsAt}`);
  const window: MaintenanceWindow = {
    windowId: `w-${platform.newId()}`,
    reason: given.reason,
    services,
    teams,
    matchers,
    startsAt,
    endsAt,
    createdBy: given.createdBy,
    createdAt: now,
    endedBy: null,
  };
  await platform.warehouse.mergeMaintenanceWindows([window], signal);
  return window;
}

/**
 * Ends a window now. One that is over already stays as it is, so that ending it twice changes nothing; one that has
 * not begun never holds.
 * @throws NOT_FOUND
 */
export async function endMaintenanceWindow(
  platform: Platform,
  windowId: string,
  { endedBy }: EndMaintenanceWindow,
  signal: AbortSignal,
): Promise<MaintenanceWindow> {
  const [window] = await platform.warehouse.maintenanceWindows({ windowId, limit: 1 }, signal);
  if (!window) {
    throw new QuarterdeckError('NOT_FOUND', `there is no maintenance window ${windowId}`, {
      culprit: { windowId },
    });
  }
  const now = toTimestamp(platform.clock.now());
  if (window.endsAt <= now) return window;
  const ended = { ...window, endsAt: now > window.startsAt ? now : window.startsAt, endedBy };
  await platform.warehouse.mergeMaintenanceWindows([ended], signal);
  return ended;
}

/** Windows by start: those that hold or are to come, or those that overlap the time asked about. */
export async function listMaintenanceWindows(
  platform: Platform,
  { from, to }: MaintenanceWindowQuery,
  signal: AbortSignal,
): Promise<{ windows: MaintenanceWindow[] }> {
  const local = new LocalTime(platform.settings.ALERT_TIME_ZONE);
  const since = from === undefined ? toTimestamp(platform.clock.now()) : timeOf('from', from, local);
  const until = to === undefined ? {} : { to: timeOf('to', to, local) };
  const query = { from: since, ...until, limit: windowsShown };
  return { windows: await platform.warehouse.maintenanceWindows(query, signal) };
}

function timeOf(field: string, value: string, local: LocalTime): Timestamp {
  const time = readAlertTime(value, local);
  if (time) return time.at;
  throw invalid(field, `not a point in time: ${JSON.stringify(value.slice(0, 100))}`);
}

function invalid(field: string, message: string): QuarterdeckError {
  return new QuarterdeckError('INPUT_INVALID', message, { culprit: { field } });
}
