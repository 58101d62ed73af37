import { readFileSync } from 'node:fs';
import type { TokenCredential } from '@azure/identity';
import type { BigQueryOptions } from '@google-cloud/bigquery';
import type * as GoogleAuth from 'google-auth-library';
import { QuarterdeckError } from '../../../contracts';
import { azureCredential } from '../../identity/azureCredential';
import type { Settings } from '../../settings/settings';

export type AuthenticationSettings = Pick<
  Settings,
  | 'AZURE_CLIENT_ID'
  | 'BIGQUERY_API_ENDPOINT'
  | 'BIGQUERY_KEY_FILE'
  | 'BIGQUERY_SERVICE_ACCOUNT'
  | 'BIGQUERY_SUBJECT_TOKEN_SCOPE'
  | 'BIGQUERY_WORKLOAD_IDENTITY_AUDIENCE'
>;

const scopes = ['https://www.googleapis.com/auth/bigquery'];
const subjectTokenType = 'urn:ietf:params:oauth:token-type:jwt';
const googleTokenUrl = 'https://sts.googleapis.com/v1/token';
const googleImpersonation = 'https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts';
const loopback = new Set(['127.0.0.1', 'localhost', '[::1]']);

type Authenticate = () => Pick<BigQueryOptions, 'authClient' | 'credentials'>;

/**
 * How the client proves who it is. Without a key: the app's managed identity gives a token of Microsoft Entra,
 * which Google's token service exchanges (workload identity federation), if wished for one of a service account.
 * A key file is used only when it is named, and an address on this machine needs no credential.
 *
 * https://cloud.google.com/iam/docs/workload-identity-federation-with-other-clouds
 *
 * Throws SETTINGS_INVALID naming what is missing.
 */
export function authentication(settings: AuthenticationSettings): Authenticate {
  const audience = settings.BIGQUERY_WORKLOAD_IDENTITY_AUDIENCE;
  const keyFile = settings.BIGQUERY_KEY_FILE;
  if (keyFile !== undefined) {
    return () => ({ credentials: serviceAccountKey(keyFile) });
  }
  if (audience !== undefined) {
    return () => ({
      authClient: workloadIdentityClient({
        audience,
        credential: azureCredential(settings.AZURE_CLIENT_ID),
        scope: settings.BIGQUERY_SUBJECT_TOKEN_SCOPE,
        serviceAccount: settings.BIGQUERY_SERVICE_ACCOUNT,
      }),
    });
  }
  const endpoint = settings.BIGQUERY_API_ENDPOINT;
  if (endpoint !== undefined && loopback.has(new URL(endpoint).hostname)) {
    return () => {
      const { PassThroughClient } = require('google-auth-library') as typeof GoogleAuth;
      return { authClient: new PassThroughClient() };
    };
  }
  throw new QuarterdeckError(
    'SETTINGS_INVALID',
    'BIGQUERY_WORKLOAD_IDENTITY_AUDIENCE (or BIGQUERY_KEY_FILE): one of them is needed to reach BigQuery',
    { culprit: { setting: 'BIGQUERY_WORKLOAD_IDENTITY_AUDIENCE' } },
  );
}

export interface WorkloadIdentity {
  /** `//iam.googleapis.com/projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER` */
  readonly audience: string;
  readonly credential: TokenCredential;
  /** What the token of Entra is asked for; the provider's allowed audience. */
  readonly scope: string;
  /** E-mail of the service account to act as; without one the federated identity itself is used. */
  readonly serviceAccount: string | undefined;
  readonly tokenUrl?: string;
  readonly impersonationUrl?: string;
}

export function workloadIdentityClient(identity: WorkloadIdentity): GoogleAuth.IdentityPoolClient {
  const { IdentityPoolClient } = require('google-auth-library') as typeof GoogleAuth;
  const { audience, credential, scope, serviceAccount } = identity;
  return new IdentityPoolClient({
    type: 'external_account',
    audience,
    subject_token_type: subjectTokenType,
    token_url: identity.tokenUrl ?? googleTokenUrl,
    ...(serviceAccount !== undefined && {
      service_account_impersonation_url: `${identity.impersonationUrl ?? googleImpersonation}/${serviceAccount}:generateAccessToken`,
    }),
    scopes,
    subject_token_supplier: {
      async getSubjectToken() {
        const token = await credential.getToken(scope).catch((error: unknown) => {
          throw credentialError('the managed identity gave no token', error);
        });
        if (!token) throw credentialError('the managed identity gave no token', undefined);
        return token.token;
      },
    },
  });
}

function serviceAccountKey(file: string): { client_email: string; private_key: string } {
  try {
    const key = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    const { client_email: email, private_key: privateKey } = key;
    if (typeof email === 'string' && typeof privateKey === 'string') {
      return { client_email: email, private_key: privateKey };
    }
  } catch (error) {
    throw keyFileError(error);
  }
  throw keyFileError(undefined);
}

function keyFileError(cause: unknown): QuarterdeckError {
  return new QuarterdeckError('SETTINGS_INVALID', 'BIGQUERY_KEY_FILE: not a readable service account key', {
    cause,
    culprit: { setting: 'BIGQUERY_KEY_FILE' },
  });
}

function credentialError(message: string, cause: unknown): QuarterdeckError {
  return new QuarterdeckError('CREDENTIAL_REJECTED', message, { cause, culprit: { service: 'entra' } });
}
