/** An error as BigQuery answers it. */
export class ApiError extends Error {
  readonly status: number;
  readonly reason: string;

  constructor(status: number, reason: string, message: string) {
    super(message);
    this.status = status;
    this.reason = reason;
  }

  get body(): object {
    const { status: code, reason, message } = this;
    return { error: { code, message, errors: [{ message, domain: 'global', reason }], status: reason } };
  }
}

export const invalid = (message: string): ApiError => new ApiError(400, 'invalid', message);
export const invalidQuery = (message: string): ApiError => new ApiError(400, 'invalidQuery', message);
export const notFound = (what: string): ApiError => new ApiError(404, 'notFound', `Not found: ${what}`);
export const duplicate = (what: string): ApiError =>
  new ApiError(409, 'duplicate', `Already Exists: ${what}`);
