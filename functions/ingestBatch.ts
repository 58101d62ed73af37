import { app } from '@azure/functions';
import { ingestMessageSchema, workBatch } from '../src/anomalies';
import { ingestQueue } from '../src/contracts';
import { parseMessage } from '../src/platform/queues/queueMessage';
import { processPlatform } from '../src/platform/processPlatform';

/** Below the host's functionTimeout: a batch that takes longer is tried again, and does only what is missing. */
const limitMs = 570_000;

app.storageQueue('ingestBatch', {
  queueName: ingestQueue,
  connection: 'AzureWebJobsStorage',
  handler: async (message) => {
    const request = parseMessage(ingestMessageSchema, message);
    await workBatch(processPlatform(), request, AbortSignal.timeout(limitMs));
  },
});
