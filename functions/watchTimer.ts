import { app } from '@azure/functions';
import { reportHealth } from '../src/incidents';
import { processPlatform } from '../src/platform/processPlatform';

/** Reading the status of a hundred tech centres takes seconds. */
const limitMs = 60_000;

app.timer('watchTimer', {
  schedule: '%WATCH_SCHEDULE%',
  handler: () => reportHealth(processPlatform(), AbortSignal.timeout(limitMs)),
});
