import { app } from '@azure/functions';
import { stepExperiment } from '../src/anomalies';
import { processPlatform } from '../src/platform/processPlatform';

/** One join over the scores and verdicts since the comparison began. */
const limitMs = 120_000;

app.timer('experimentTimer', {
  schedule: '%EXPERIMENT_SCHEDULE%',
  handler: async () => {
    await stepExperiment(processPlatform(), AbortSignal.timeout(limitMs));
  },
});
