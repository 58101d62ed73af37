import type { TokenCredential } from '@azure/identity';
import type { SecretClient, SecretClientOptions } from '@azure/keyvault-secrets';
import { QuarterdeckError, type Clock, type ErrorCode, type Random } from '../../contracts';
import { retry, type RetryPolicy } from '../retry';
import { retryAfterMs } from '../retryAfter';
import type { Secrets } from './secrets';

export interface KeyVaultOptions {
  readonly vault: string;
  readonly makeCredential: () => TokenCredential;
  readonly clock: Clock;
  readonly random: Random;
  /** Options of the SDK's client, such as another `httpClient`. */
  readonly clientOptions?: SecretClientOptions;
}

/** A rotated secret is noticed within this time even where the old one still works. */
const keptMs = 15 * 60_000;
const policy: RetryPolicy = {
  attempts: 4,
  attemptLimitMs: 10_000,
  firstDelayMs: 500,
  maximumDelayMs: 8_000,
  longestWaitMs: 30_000,
};
const passing = new Set([408, 429, 500, 502, 503, 504]);

/**
 * Secrets from Key Vault with the app's identity. Kept in memory for a quarter of an hour, which Key Vault's limits
 * ask for; when the vault does not answer, a kept one is used beyond that rather than none.
 */
export function keyVaultSecrets(options: KeyVaultOptions): Secrets {
  const { vault, clock, random } = options;
  const kept = new Map<string, { value: string; sinceMs: number }>();
  let client: SecretClient | undefined;
  const openClient = (): SecretClient => {
    const { SecretClient } = require('@azure/keyvault-secrets') as typeof import('@azure/keyvault-secrets');
    return new SecretClient(vault, options.makeCredential(), {
      ...options.clientOptions,
      retryOptions: { maxRetries: 0 },
    });
  };
  return {
    async get(name, signal, { fresh = false } = {}) {
      const known = kept.get(name);
      if (known && !fresh && clock.monotonic() - known.sinceMs < keptMs) return known.value;
      try {
        const value = await retry(
          policy,
          {
            clock,
            random,
            signal,
            toError: (error, timedOut) => vaultError(name, error, timedOut, clock.now()),
          },
          async (limited) => {
            const secret = await (client ??= openClient()).getSecret(name, { abortSignal: limited });
            return secret.value;
          },
        );
        if (!value) throw failure('SECRET_MISSING', name, 'the secret is empty');
        kept.set(name, { value, sinceMs: clock.monotonic() });
        return value;
      } catch (error) {
        const unreachable = error instanceof QuarterdeckError && error.code === 'SECRETS_UNAVAILABLE';
        if (known && !fresh && unreachable) return known.value;
        throw error;
      }
    },
  };
}

function vaultError(name: string, error: unknown, timedOut: boolean, nowMs: number): QuarterdeckError {
  if (error instanceof QuarterdeckError) return error;
  if (timedOut) return failure('SECRETS_UNAVAILABLE', name, 'Key Vault did not answer in time', error);
  const status = statusOf(error);
  if (status === 404) return failure('SECRET_MISSING', name, 'Key Vault has no such secret', error);
  if (status === 401 || status === 403) {
    return failure('CREDENTIAL_REJECTED', name, "Key Vault refused the app's identity", error);
  }
  const kind = error instanceof Error ? error.name : '';
  if (/Credential|Authentication/.test(kind)) {
    return failure('CREDENTIAL_REJECTED', name, "the app's identity got no token for Key Vault", error);
  }
  if (status !== undefined && !passing.has(status)) {
    return failure('SECRET_MISSING', name, `Key Vault refused the request with status ${status}`, error);
  }
  return failure('SECRETS_UNAVAILABLE', name, 'Key Vault did not answer', error, waitOf(error, nowMs));
}

function failure(
  code: ErrorCode,
  secret: string,
  why: string,
  cause?: unknown,
  wait?: number,
): QuarterdeckError {
  return new QuarterdeckError(code, `secret ${secret}: ${why}`, {
    culprit: { service: 'key-vault', secret },
    cause,
    retryAfterMs: wait,
  });
}

interface FailedRequest {
  readonly statusCode?: number;
  readonly response?: { readonly headers: { get(name: string): string | undefined } };
}

function statusOf(error: unknown): number | undefined {
  return (error as FailedRequest | undefined)?.statusCode;
}

function waitOf(error: unknown, nowMs: number): number | undefined {
  const headers = (error as FailedRequest | undefined)?.response?.headers;
  return headers && retryAfterMs((name) => headers.get(name), nowMs);
}
