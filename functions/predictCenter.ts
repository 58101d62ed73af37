import { app } from '@azure/functions';
import { predictQueue } from '../src/contracts';
import { predictRequestSchema } from '../src/incidents/predict/enqueuePredict';
import { predictCenter } from '../src/incidents/predict/predictCenter';
import { parseMessage } from '../src/platform/queues/queueMessage';
import { processPlatform } from '../src/platform/processPlatform';

/** Beyond the run's own deadline, to record its outcome. */
const recordingMs = 45_000;

app.storageQueue('predictCenter', {
  queueName: predictQueue,
  connection: 'AzureWebJobsStorage',
  handler: async (message) => {
    const request = parseMessage(predictRequestSchema, message);
    const platform = processPlatform();
    const limitMs = platform.settings.PREDICT_DEADLINE_MS + recordingMs;
    await predictCenter(platform, request, AbortSignal.timeout(limitMs));
  },
});
