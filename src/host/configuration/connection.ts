import { QuarterdeckError } from '../../contracts';
import type { Environment } from './environment';

/** The setting that a binding without a `connection` uses. */
export const defaultConnection = 'AzureWebJobsStorage';

/**
 * The connection string that a binding's `connection` names: the setting of that name, else with the prefix
 * `AzureWebJobs`, as the real host looks it up. Managed identity (`NAME__accountName`) belongs to the cloud.
 *
 * @throws SETTINGS_INVALID naming the setting.
 */
export function connectionString(name: string, environment: Environment, where: string): string {
  const value = environment[name] || environment[`AzureWebJobs${name}`];
  if (value) return value;
  throw new QuarterdeckError('SETTINGS_INVALID', `${where} needs a storage connection string in ${name}`, {
    culprit: { setting: name },
  });
}
