import { app } from '@azure/functions';
import { pullRequestSchema, pullSource } from '../src/anomalies';
import { pullQueue } from '../src/contracts';
import { processPlatform } from '../src/platform/processPlatform';
import { parseMessage } from '../src/platform/queues/queueMessage';

/** Below the host's functionTimeout, so that the run is recorded before the host ends it. */
const limitMs = 540_000;

app.storageQueue('pullSource', {
  queueName: pullQueue,
  connection: 'AzureWebJobsStorage',
  handler: async (message) => {
    const request = parseMessage(pullRequestSchema, message);
    await pullSource(processPlatform(), request, AbortSignal.timeout(limitMs));
  },
});
