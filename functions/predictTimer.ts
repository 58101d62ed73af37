import { app } from '@azure/functions';
import { toTimestamp } from '../src/contracts';
import { enqueuePredict } from '../src/incidents/predict/enqueuePredict';
import { processPlatform } from '../src/platform/processPlatform';

/** Sending one message per tech centre takes seconds; a minute means that something hangs. */
const limitMs = 60_000;

app.timer('predictTimer', {
  schedule: '%PREDICT_SCHEDULE%',
  handler: async () => {
    const platform = processPlatform();
    const scheduledAt = toTimestamp(platform.clock.now());
    await enqueuePredict(platform, { scheduledAt }, AbortSignal.timeout(limitMs));
  },
});
