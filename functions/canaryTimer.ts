import { app } from '@azure/functions';
import { servingOf, stepRollout } from '../src/anomalies';
import { processPlatform } from '../src/platform/processPlatform';

/** A few blobs and one read of the tables. */
const limitMs = 50_000;

app.timer('canaryTimer', {
  schedule: '%CANARY_SCHEDULE%',
  handler: async () => {
    const platform = processPlatform();
    await stepRollout(platform, servingOf(platform), AbortSignal.timeout(limitMs));
  },
});
