import { app } from '@azure/functions';
import { parseMessage } from '../src/platform/queues/queueMessage';
import { trainQueue } from '../src/contracts';
import { trainRequestSchema } from '../src/incidents/train/enqueueTrain';
import { trainQuarter } from '../src/incidents/train/trainQuarter';
import { processPlatform } from '../src/platform/processPlatform';

/** Below the host's functionTimeout, so that the run is recorded before the host ends it. */
const limitMs = 570_000;

app.storageQueue('trainCenter', {
  queueName: trainQueue,
  connection: 'AzureWebJobsStorage',
  handler: async (message) => {
    const { techCenter, year, quarter, promote } = parseMessage(trainRequestSchema, message);
    const request = {
      year,
      quarter,
      promote,
      techCenters: [techCenter],
      maxWorkers: 1,
      waitForOthers: false,
    };
    await trainQuarter(processPlatform(), request, { signal: AbortSignal.timeout(limitMs) });
  },
});
