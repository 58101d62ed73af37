import { app } from '@azure/functions';
import { enqueueScoring } from '../src/anomalies';
import { processPlatform } from '../src/platform/processPlatform';

/** Sending one message per instance takes seconds; a minute means that something hangs. */
const limitMs = 60_000;

app.timer('scoreTimer', {
  schedule: '%SCORE_SCHEDULE%',
  handler: async () => {
    await enqueueScoring(processPlatform(), AbortSignal.timeout(limitMs));
  },
});
