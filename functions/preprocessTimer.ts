import { app } from '@azure/functions';
import { toTimestamp } from '../src/contracts';
import { enqueuePreprocess } from '../src/incidents/preprocess/enqueuePreprocess';
import { processPlatform } from '../src/platform/processPlatform';

/** Sending one message per tech centre takes seconds; a minute means that something hangs. */
const limitMs = 60_000;

app.timer('preprocessTimer', {
  schedule: '%PREPROCESS_SCHEDULE%',
  handler: async () => {
    const platform = processPlatform();
    const scheduledAt = toTimestamp(platform.clock.now());
    await enqueuePreprocess(platform, { scheduledAt }, AbortSignal.timeout(limitMs));
  },
});
