import { azureCredential } from '../identity/azureCredential';
import type { Secrets } from '../secrets/secrets';
import type { Settings } from '../settings/settings';
import type { OpenaiServiceOptions } from './openaiService';
import { identityToken, keyToken, noToken, type ServiceToken } from './serviceToken';

/** A key when one is named, otherwise the app's identity for Azure, otherwise none. */
export function tokenFor(
  settings: Settings,
  provider: OpenaiServiceOptions['provider'],
  keySecret: string | undefined,
  secrets: Secrets,
): ServiceToken {
  if (keySecret !== undefined) return keyToken(secrets, keySecret);
  if (provider === 'azure-openai') return identityToken(() => azureCredential(settings.AZURE_CLIENT_ID));
  return noToken;
}
