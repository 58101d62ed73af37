import { app } from '@azure/functions';
import { scoreInstance, scoreMessageSchema, servingOf } from '../src/anomalies';
import { scoreQueue } from '../src/contracts';
import { processPlatform } from '../src/platform/processPlatform';
import { parseMessage } from '../src/platform/queues/queueMessage';

/** Beyond the run's own deadline, to record its outcome. */
const recordingMs = 45_000;

app.storageQueue('scoreInstance', {
  queueName: scoreQueue,
  connection: 'AzureWebJobsStorage',
  handler: async (message) => {
    const request = parseMessage(scoreMessageSchema, message);
    const platform = processPlatform();
    const limitMs = platform.settings.SCORE_DEADLINE_MS + recordingMs;
    await scoreInstance(platform, servingOf(platform), request, AbortSignal.timeout(limitMs));
  },
});
