import { app } from '@azure/functions';
import { droppedPrefix, takeDropped } from '../src/anomalies';
import { processPlatform } from '../src/platform/processPlatform';

app.storageBlob('rawLogDropped', {
  path: `%QUARTERDECK_RAW_LOGS_CONTAINER%/${droppedPrefix}{name}`,
  connection: 'AzureWebJobsStorage',
  // The only source on Flex Consumption: infra/ has the event subscription that it needs.
  source: 'EventGrid',
  handler: async (blob: Buffer, context) => {
    const name = String(context.triggerMetadata?.['name']);
    await takeDropped(processPlatform(), { name, bytes: blob });
  },
});
