import { app } from '@azure/functions';
import { alertBatchMessageSchema, workAlertBatch } from '../src/alerts';
import { alertIngestQueue } from '../src/contracts';
import { parseMessage } from '../src/platform/queues/queueMessage';
import { processPlatform } from '../src/platform/processPlatform';

/** Below the host's functionTimeout: a batch that takes longer is tried again, and changes nothing twice. */
const limitMs = 570_000;

app.storageQueue('alertBatch', {
  queueName: alertIngestQueue,
  connection: 'AzureWebJobsStorage',
  handler: async (message) => {
    const request = parseMessage(alertBatchMessageSchema, message);
    await workAlertBatch(processPlatform(), request, AbortSignal.timeout(limitMs));
  },
});
