import { app } from '@azure/functions';
import { reportBacklog } from '../src/incidents/reportBacklog';
import { processPlatform } from '../src/platform/processPlatform';

/** The same questions that the status page asks; a minute means that something hangs. */
const limitMs = 60_000;

app.timer('backlogTimer', {
  // Between the runs of the pipelines, several times within the window of every alert rule that reads it.
  schedule: '0 30 * * * *',
  handler: () => reportBacklog(processPlatform(), AbortSignal.timeout(limitMs)),
});
