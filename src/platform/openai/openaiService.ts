import type OpenAI from 'openai';
import { isQuarterdeckError, type Clock, type QuarterdeckError, type Random } from '../../contracts';
import { retry, type RetryPolicy } from '../retry';
import { serviceError, type ServiceCodes } from './openaiErrors';
import type { ServiceToken } from './serviceToken';

/** One endpoint of the OpenAI protocol, with our own retries, deadlines and credentials. */
export interface OpenaiService {
  /**
   * Runs one request. A refused credential is renewed once; rate limits and failures are retried while that makes
   * sense. `request` gets the options that every SDK call takes.
   */
  call<T>(
    signal: AbortSignal,
    request: (
      client: OpenAI,
      options: { signal: AbortSignal; headers: Record<string, string> },
    ) => Promise<T>,
  ): Promise<T>;
}

export interface OpenaiServiceOptions {
  readonly provider: 'azure-openai' | 'openai-compatible';
  readonly endpoint: string;
  readonly token: ServiceToken;
  readonly codes: ServiceCodes;
  readonly policy: RetryPolicy;
  readonly clock: Clock;
  readonly random: Random;
  readonly onRetry?: (error: QuarterdeckError) => void;
}

export function openaiService(options: OpenaiServiceOptions): OpenaiService {
  const { token, codes, policy, clock, random, onRetry } = options;
  let client: OpenAI | undefined;
  const openClient = (): OpenAI => {
    const { OpenAI } = require('openai') as typeof import('openai');
    return new OpenAI({
      baseURL: baseAddress(options.provider, options.endpoint),
      // The header of each request takes its place, because a token needs the request's own deadline.
      apiKey: 'set by each request',
      organization: null,
      project: null,
      maxRetries: 0,
      timeout: policy.attemptLimitMs,
      logLevel: 'off',
    });
  };
  return {
    async call(signal, request) {
      let renewed = false;
      const attempt = async (limited: AbortSignal): ReturnType<typeof request> => {
        const authorization = `Bearer ${await token.get(limited, renewed)}`;
        return request((client ??= openClient()), {
          signal: limited,
          headers: { authorization },
        });
      };
      return retry(
        policy,
        {
          clock,
          random,
          signal,
          toError: (error, timedOut) => serviceError(error, timedOut, codes, clock.now()),
          ...(onRetry && { onRetry }),
        },
        async (limited) => {
          try {
            return await attempt(limited);
          } catch (error) {
            const failure = serviceError(error, limited.aborted, codes, clock.now());
            if (renewed || !isQuarterdeckError(failure, 'CREDENTIAL_REJECTED')) throw failure;
            renewed = true;
            return attempt(limited);
          }
        },
      );
    },
  };
}

/**
 * Azure's resources serve the protocol below `/openai/v1/`, without an api-version; others at the address given.
 */
export function baseAddress(provider: OpenaiServiceOptions['provider'], endpoint: string): string {
  const base = endpoint.replace(/\/+$/, '');
  if (provider === 'openai-compatible' || base.endsWith('/openai/v1')) return base;
  return `${base}/openai/v1`;
}
