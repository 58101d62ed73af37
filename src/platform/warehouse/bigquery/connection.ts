import type { BigQuery } from '@google-cloud/bigquery';
import { DelegateBackoff, handleWhen, retry } from 'cockatiel';
import { isQuarterdeckError, QuarterdeckError, type Clock, type Random } from '../../../contracts';
import { abortError, waitFor } from '../aborted';
import { isStatus, warehouseError } from './errors';

export interface ConnectionOptions {
  /** Makes a client with credentials of its own; called at the first operation, and again when they were refused. */
  readonly connect: () => BigQuery;
  readonly clock: Clock;
  readonly random: Random;
  readonly attempts: number;
  readonly firstRetryMs: number;
  readonly longestRetryMs: number;
  /** Time limit of one operation of the warehouse, with all its attempts. */
  readonly deadlineMs: number;
}

/** The client, with one policy for everything asked of it: a time limit, and attempts with jitter in between. */
export class Connection {
  readonly options: ConnectionOptions;
  private current: BigQuery | undefined;

  constructor(options: ConnectionOptions) {
    this.options = options;
  }

  get client(): BigQuery {
    this.current ??= this.options.connect();
    return this.current;
  }

  /**
   * Tries `work` again while the error is one that passes. `work` must be safe to repeat when it is not known
   * whether the last attempt went through. A refused credential gets one more attempt with a new one, since a
   * token can end between the check of its lifetime and its use.
   *
   * Throws WAREHOUSE_UNAVAILABLE, WAREHOUSE_REJECTED, CREDENTIAL_REJECTED, ABORTED, DEADLINE_EXCEEDED.
   */
  async run<T>(
    doing: string,
    signal: AbortSignal,
    work: (client: BigQuery, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const { attempts, firstRetryMs, longestRetryMs, deadlineMs, random } = this.options;
    const limited = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]);
    let renewed = false;
    const policy = retry(
      handleWhen((error) => isQuarterdeckError(error) && error.retryable && !limited.aborted),
      {
        maxAttempts: attempts - 1,
        backoff: new DelegateBackoff(
          ({ attempt }) =>
            Math.min(longestRetryMs, firstRetryMs * 2 ** (attempt - 1)) * (0.5 + random.next() / 2),
        ),
      },
    );
    const attempt = async (): Promise<T> => {
      if (limited.aborted) throw abortError(limited, doing);
      try {
        return await waitFor(work(this.client, limited), limited, doing);
      } catch (error) {
        if (limited.aborted) throw abortError(limited, doing);
        if (!renewed && isStatus(error, 401)) {
          renewed = true;
          this.current = undefined;
          throw new QuarterdeckError(
            'WAREHOUSE_UNAVAILABLE',
            `${doing}: credential refused, taking a new one`,
            {
              cause: error,
              culprit: { service: 'bigquery' },
            },
          );
        }
        throw warehouseError(error, doing);
      }
    };
    try {
      return await waitFor(policy.execute(attempt, limited), limited, doing);
    } catch (error) {
      throw limited.aborted ? abortError(limited, doing) : error;
    }
  }
}
