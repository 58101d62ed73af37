import { app } from '@azure/functions';
import { preprocessQueue } from '../src/contracts';
import { parsePreprocessRequest } from '../src/incidents/preprocess/enqueuePreprocess';
import { preprocessCenter } from '../src/incidents/preprocess/preprocessCenter';
import { processPlatform } from '../src/platform/processPlatform';

/** Beyond the run's own deadline, to record its outcome. */
const recordingMs = 45_000;

app.storageQueue('preprocessCenter', {
  queueName: preprocessQueue,
  connection: 'AzureWebJobsStorage',
  handler: async (message) => {
    const platform = processPlatform();
    const limitMs = platform.settings.PREPROCESS_DEADLINE_MS + recordingMs;
    const { techCenter, fromStart = false } = parsePreprocessRequest(message);
    await preprocessCenter(platform, { techCenter, fromStart }, AbortSignal.timeout(limitMs));
  },
});
