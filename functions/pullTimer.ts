import { app } from '@azure/functions';
import { enqueuePulls } from '../src/anomalies';
import { toTimestamp } from '../src/contracts';
import { processPlatform } from '../src/platform/processPlatform';

/** Sending one message for each source takes seconds; a minute means that something hangs. */
const limitMs = 60_000;

app.timer('pullTimer', {
  schedule: '%PULL_SCHEDULE%',
  handler: async () => {
    const platform = processPlatform();
    const scheduledAt = toTimestamp(platform.clock.now());
    await enqueuePulls(platform, { scheduledAt }, AbortSignal.timeout(limitMs));
  },
});
