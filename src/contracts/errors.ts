import { errorKinds, type ErrorCode, type ErrorKind } from './errorCodes';

/** What names the culprit of an error; only the fields that apply are set. */
export interface Culprit {
  readonly row?: number;
  readonly column?: number | string;
  readonly setting?: string;
  readonly blob?: string;
  readonly option?: string;
  readonly field?: string;
  readonly service?: string;
  readonly [name: string]: unknown;
}

/** The one error class that crosses module boundaries: a code from the catalog, and the fields that name the culprit. */
export class QuarterdeckError extends Error {
  override readonly name = 'QuarterdeckError';
  readonly code: ErrorCode;
  readonly culprit: Culprit;
  /** How long the other side asked us to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { culprit?: Culprit; cause?: unknown; retryAfterMs?: number | undefined } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.culprit = options.culprit ?? {};
    this.retryAfterMs = options.retryAfterMs;
  }

  get kind(): ErrorKind {
    return errorKinds[this.code];
  }

  get status(): number {
    return this.kind.status;
  }

  get retryable(): boolean {
    return this.kind.retryable;
  }
}

export function isQuarterdeckError(error: unknown, code?: ErrorCode): error is QuarterdeckError {
  return error instanceof QuarterdeckError && (code === undefined || error.code === code);
}
