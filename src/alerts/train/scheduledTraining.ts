import { timestampMs, toTimestamp } from '../../contracts';
import type { Platform } from '../../platform/platform';
import {
  trainAlertClusters,
  type AlertTrainingControl,
  type AlertTrainingReport,
} from './trainAlertClusters';
import { trainingDue } from './trainingDue';

/** Between two looks at the schedule; the timer's own, see docs/decisions/0124. */
const tickMs = 15 * 60_000;
/** What a timer that has never run says of its last time. */
const never = '0001-01-01';

/**
 * What the timer does at every tick: trains when ALERT_TRAIN_SCHEDULE, read in ALERT_TIME_ZONE, has come up since the last
 * tick.
 * @param lastTick when the timer fired before, as the Functions host tells it; unknown on its first time
 * @returns undefined when it is not due
 * @throws SETTINGS_INVALID, and as `trainAlertClusters`
 */
export async function trainWhenDue(
  platform: Platform,
  lastTick: string | undefined,
  control: AlertTrainingControl,
): Promise<AlertTrainingReport | undefined> {
  const { ALERT_TRAIN_SCHEDULE: schedule, ALERT_TIME_ZONE: timeZone } = platform.settings;
  const now = platform.clock.now();
  const known = lastTick !== undefined && !lastTick.startsWith(never);
  const last = known ? timestampMs(toTimestamp(lastTick)) : now - tickMs;
  if (!trainingDue({ schedule, timeZone }, last, now)) {
    // A timer that fires is a sign of life even where there is nothing to do; a training sends its own.
    platform.telemetry.metric('pipeline.heartbeat', 1, { pipeline: 'alert-train', scope: 'clusters' });
    return undefined;
  }
  return trainAlertClusters(platform, {}, control);
}
