import type { TokenCredential } from '@azure/identity';
import { QuarterdeckError } from '../../contracts';
import type { Secrets } from '../secrets/secrets';
import { stoppedError } from '../stopping';

/** What stands behind `Authorization: Bearer`. */
export interface ServiceToken {
  /** @param fresh the last one was refused: not from memory. Throws CREDENTIAL_REJECTED, SECRET_MISSING. */
  get(signal: AbortSignal, fresh: boolean): Promise<string>;
}

/** Scope of Azure OpenAI for Microsoft Entra tokens. */
const azureOpenAiScope = 'https://cognitiveservices.azure.com/.default';

/** A key from the secrets. */
export function keyToken(secrets: Secrets, secretName: string): ServiceToken {
  return { get: (signal, fresh) => secrets.get(secretName, signal, { fresh }) };
}

/** A Microsoft Entra token of the app's identity. A credential keeps its tokens; a fresh one needs a new credential. */
export function identityToken(makeCredential: () => TokenCredential): ServiceToken {
  let credential: TokenCredential | undefined;
  return {
    async get(signal, fresh) {
      if (fresh) credential = undefined;
      try {
        const token = await (credential ??= makeCredential()).getToken(azureOpenAiScope, {
          abortSignal: signal,
        });
        if (token) return token.token;
      } catch (error) {
        if (signal.aborted) throw stoppedError(signal, error);
        throw rejected(error);
      }
      throw rejected(undefined);
    },
  };
}

/** For endpoints on the own network that ask for none. */
export const noToken: ServiceToken = { get: () => Promise.resolve('none') };

function rejected(cause: unknown): QuarterdeckError {
  return new QuarterdeckError('CREDENTIAL_REJECTED', "the app's identity got no token for Azure OpenAI", {
    culprit: { service: 'microsoft-entra' },
    cause,
  });
}
