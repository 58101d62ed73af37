import type { BlobServiceClient } from '@azure/storage-blob';
import type { QueueServiceClient } from '@azure/storage-queue';
import { QuarterdeckError } from '../../contracts';
import { azureCredential } from '../identity/azureCredential';
import type { Settings } from '../settings/settings';

/** The storage account of the Functions host, reached the way its own settings say. */
export interface StorageAccount {
  blobService(): BlobServiceClient;
  queueService(): QueueServiceClient;
}

/** One try per call: retry.ts owns the retries. */
const clientOptions = { retryOptions: { maxTries: 1 } };

/**
 * A connection string (`AzureWebJobsStorage`), or an account name or service addresses with the app's identity
 * (`AzureWebJobsStorage__accountName`, `__blobServiceUri`, `__queueServiceUri`, `__clientId`). The SDKs are loaded
 * at the first use.
 *
 * @throws SETTINGS_INVALID at the first use, when none of them is set.
 */
export function storageAccount(settings: Settings): StorageAccount {
  return {
    blobService: once(() => {
      const { BlobServiceClient } = require('@azure/storage-blob') as typeof import('@azure/storage-blob');
      return settings.AzureWebJobsStorage !== undefined
        ? BlobServiceClient.fromConnectionString(settings.AzureWebJobsStorage, clientOptions)
        : new BlobServiceClient(address(settings, 'blob'), identity(settings), clientOptions);
    }),
    queueService: once(() => {
      const { QueueServiceClient } = require('@azure/storage-queue') as typeof import('@azure/storage-queue');
      return settings.AzureWebJobsStorage !== undefined
        ? QueueServiceClient.fromConnectionString(settings.AzureWebJobsStorage, clientOptions)
        : new QueueServiceClient(address(settings, 'queue'), identity(settings), clientOptions);
    }),
  };
}

function address(settings: Settings, service: 'blob' | 'queue'): string {
  const explicit =
    service === 'blob'
      ? settings.AzureWebJobsStorage__blobServiceUri
      : settings.AzureWebJobsStorage__queueServiceUri;
  if (explicit !== undefined) return explicit;
  const account = settings.AzureWebJobsStorage__accountName;
  if (account !== undefined) return `https://${account}.${service}.core.windows.net`;
  throw new QuarterdeckError(
    'SETTINGS_INVALID',
    'no storage account: set AzureWebJobsStorage (a connection string) or AzureWebJobsStorage__accountName',
    { culprit: { setting: 'AzureWebJobsStorage' } },
  );
}

function identity(settings: Settings) {
  return azureCredential(settings.AzureWebJobsStorage__clientId ?? settings.AZURE_CLIENT_ID);
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
