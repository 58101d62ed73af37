import { QuarterdeckError } from '../src/contracts';

/**
 * The local Functions host with Azurite. Loaded only where it is used: its packages are not installed where the app
 * is deployed.
 * @throws SETTINGS_INVALID there, because then a setting that should lead to Azure is missing.
 */
export function localHost(): typeof import('../src/host') {
  try {
    return require('../src/host') as typeof import('../src/host');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND')) throw error;
    throw new QuarterdeckError(
      'SETTINGS_INVALID',
      'the local host is not installed here: set AzureWebJobsStorage or AzureWebJobsStorage__accountName, and leave serving to Azure',
      { culprit: { setting: 'AzureWebJobsStorage' }, cause: error },
    );
  }
}
