import { app } from '@azure/functions';
import { explainMessageSchema, explainQueue } from '../src/contracts';
import { explainAnomaly } from '../src/intelligence';
import { processPlatform } from '../src/platform/processPlatform';
import { parseMessage } from '../src/platform/queues/queueMessage';

/** Evidence is a few reads, and a language model has half a minute. */
const limitMs = 120_000;

app.storageQueue('explainRequest', {
  queueName: explainQueue,
  connection: 'AzureWebJobsStorage',
  handler: async (message) => {
    const request = parseMessage(explainMessageSchema, message);
    await explainAnomaly(processPlatform(), request, AbortSignal.timeout(limitMs));
  },
});
