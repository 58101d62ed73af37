import { app } from '@azure/functions';
import { toTimestamp } from '../src/contracts';
import { enqueuePredict } from '../src/incidents/predict/enqueuePredict';
import { reportHealth } from '../src/incidents/reportHealth';
import { processPlatform } from '../src/platform/processPlatform';

/** Sending one message per tech centre takes seconds; a minute means that something hangs. */
const limitMs = 60_000;

app.timer('predictTimer', {
  schedule: '%PREDICT_SCHEDULE%',
  handler: async () => {
    const platform = processPlatform();
    const scheduledAt = toTimestamp(platform.clock.now());
    const signal = AbortSignal.timeout(limitMs);
    await enqueuePredict(platform, { scheduledAt }, signal);
    await reportHealth(platform, signal);
  },
});
