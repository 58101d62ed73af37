import { app } from '@azure/functions';
import { trainWhenDue } from '../src/alerts';
import { processPlatform } from '../src/platform/processPlatform';

/** Below the host's functionTimeout, so that the run is recorded before the host ends it. */
const limitMs = 570_000;

// ALERT_TRAIN_SCHEDULE is in ALERT_TIME_ZONE, and Azure's timers know UTC alone: see docs/decisions/0124.
app.timer('alertTrainTimer', {
  schedule: '0 */15 * * * *',
  handler: async (timer) => {
    await trainWhenDue(processPlatform(), timer.scheduleStatus?.last, {
      signal: AbortSignal.timeout(limitMs),
    });
  },
});
