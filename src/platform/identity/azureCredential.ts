import type { TokenCredential } from '@azure/identity';

/**
 * The app's own identity, without keys: managed identity in Azure, the developer's sign-in elsewhere. The SDK is
 * loaded when the first credential is made, since most runs on one machine need none.
 *
 * @param clientId of a user-assigned identity; without it, the system-assigned one.
 */
export function azureCredential(clientId: string | undefined): TokenCredential {
  const { DefaultAzureCredential } = require('@azure/identity') as typeof import('@azure/identity');
  return new DefaultAzureCredential(clientId === undefined ? {} : { managedIdentityClientId: clientId });
}
