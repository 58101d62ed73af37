import { app } from '@azure/functions';
import { groupMessageSchema, runAlertGrouping } from '../src/alerts';
import { alertGroupQueue } from '../src/contracts';
import { processPlatform } from '../src/platform/processPlatform';
import { parseMessage } from '../src/platform/queues/queueMessage';

/** Beyond the run's own deadline, to record its outcome. */
const recordingMs = 45_000;

app.storageQueue('alertGroupBatch', {
  queueName: alertGroupQueue,
  connection: 'AzureWebJobsStorage',
  handler: async (message) => {
    const request = parseMessage(groupMessageSchema, message);
    const platform = processPlatform();
    const limitMs = platform.settings.ALERT_RUN_DEADLINE_MS + recordingMs;
    await runAlertGrouping(platform, request, AbortSignal.timeout(limitMs));
  },
});
