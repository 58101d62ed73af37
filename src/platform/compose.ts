import { randomBytes, randomUUID } from 'node:crypto';
import { seededRandom } from '../contracts';
import { createThreadPool } from '../learn/threads';
import { azureBlobs } from './blobs/azureBlobs';
import { openEmbeddingService } from './embedding/openEmbeddingService';
import { openLanguageModel } from './language/openLanguageModel';
import { createLaterWork } from './laterWork';
import type { Platform } from './platform';
import { azureQueues } from './queues/azureQueues';
import { environmentSecrets } from './secrets/environmentSecrets';
import { keyVaultSecrets } from './secrets/keyVaultSecrets';
import { azureCredential } from './identity/azureCredential';
import { misspelledVariables } from './settings/misspelled';
import { readSettings } from './settings/settings';
import { openSources } from './sources/openSources';
import { storageAccount } from './storage/storageAccount';
import { systemClock } from './systemClock';
import { openTelemetry } from './telemetry/openTelemetry';
import { openWarehouse } from './warehouse/openWarehouse';

/**
 * Builds the one Platform of a process from its environment. Nothing is connected and no SDK is loaded before its
 * first use, so this takes no time worth measuring.
 *
 * @param overrides parts to use instead, for tests and for commands that need a part of their own; they are
 * closed with the rest.
 * @throws SETTINGS_INVALID naming every bad setting.
 */
export function composePlatform(
  environment: Readonly<Record<string, string | undefined>>,
  overrides: Partial<Omit<Platform, 'close'>> = {},
): Platform {
  const settings = overrides.settings ?? readSettings(environment);
  const clock = overrides.clock ?? systemClock;
  const newId = overrides.newId ?? (() => randomUUID());
  const random = seededRandom(randomBytes(4).readUInt32LE());
  const telemetry = overrides.telemetry ?? openTelemetry(settings, clock);
  const secrets =
    overrides.secrets ??
    (settings.KEY_VAULT_URI === undefined
      ? environmentSecrets(environment)
      : keyVaultSecrets({
          vault: settings.KEY_VAULT_URI,
          makeCredential: () => azureCredential(settings.AZURE_CLIENT_ID),
          clock,
          random: random.fork('secrets'),
        }));
  for (const { given, meant } of misspelledVariables(environment)) {
    telemetry.log('warning', `the variable ${given} is unknown; was ${meant} meant?`);
  }
  const account = storageAccount(settings);
  const storage = { clock, random: random.fork('storage'), telemetry, newId };
  const warehouse =
    overrides.warehouse ?? openWarehouse(settings, { clock, random: random.fork('warehouse') });
  const threads = overrides.threads ?? createThreadPool(settings.QUARTERDECK_MAX_THREADS);
  const services = { clock, telemetry, secrets, newId };
  const later = overrides.later ?? createLaterWork(telemetry);
  let closing: Promise<void> | undefined;

  const close = async (): Promise<void> => {
    await later.finish();
    const outcomes = await Promise.allSettled([warehouse.close(), threads.close(), telemetry.flush()]);
    const failures = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
    );
    if (failures.length > 0) throw new AggregateError(failures, 'the platform did not close cleanly');
  };

  return {
    settings,
    clock,
    telemetry,
    secrets,
    warehouse,
    threads,
    later,
    newId,
    blobs: overrides.blobs ?? azureBlobs(account, settings.QUARTERDECK_ARTIFACTS_CONTAINER, storage),
    rawLogs: overrides.rawLogs ?? azureBlobs(account, settings.QUARTERDECK_RAW_LOGS_CONTAINER, storage),
    queues: overrides.queues ?? azureQueues(account, storage),
    logSources:
      overrides.logSources ??
      openSources(settings, {
        clock,
        telemetry,
        random: random.fork('sources'),
        makeCredential: () => azureCredential(settings.AZURE_CLIENT_ID),
      }),
    embeddingService:
      overrides.embeddingService ??
      openEmbeddingService(settings, { ...services, random: random.fork('embedding') }),
    languageModel:
      overrides.languageModel ??
      openLanguageModel(settings, { ...services, random: random.fork('language') }),
    close: () => (closing ??= close()),
  };
}
