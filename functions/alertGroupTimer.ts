import { app } from '@azure/functions';
import { enqueueAlertGrouping } from '../src/alerts';
import { processPlatform } from '../src/platform/processPlatform';

/** Sending one message takes a moment; a minute means that something hangs. */
const limitMs = 60_000;

app.timer('alertGroupTimer', {
  schedule: '%ALERT_GROUP_SCHEDULE%',
  handler: async () => {
    await enqueueAlertGrouping(processPlatform(), AbortSignal.timeout(limitMs));
  },
});
