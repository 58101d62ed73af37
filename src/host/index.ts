/** The Functions host for one machine, and the storage emulator beside it. */
export { startHost, type HostedFunction, type HostOptions, type RunningHost } from './host';
export { startAzurite, type Azurite, type AzuriteOptions } from './azurite';
export { ensureAzurite } from './sharedAzurite';
