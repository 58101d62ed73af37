/** What the server was asked to do, by the method of the REST API. */
export type Call =
  | 'datasets.get'
  | 'datasets.insert'
  | 'tables.get'
  | 'tables.insert'
  | 'tables.delete'
  | 'tabledata.insertAll'
  | 'jobs.insert'
  | 'jobs.get'
  | 'jobs.query'
  | 'jobs.getQueryResults'
  | 'upload';

export type Fault =
  /** Refused before anything is done. */
  | { readonly kind: 'error'; readonly status: number; readonly reason: string; readonly message: string }
  /** The job is taken, fails, and changes nothing. */
  | { readonly kind: 'failed job'; readonly reason: string; readonly message: string }
  /** The connection breaks before the server has read the request. */
  | { readonly kind: 'broken before' }
  /** Everything is done, and the connection breaks before the answer. */
  | { readonly kind: 'lost answer' }
  /** No answer ever. */
  | { readonly kind: 'silence' }
  /** The job is done, but is said to be running for so many questions. */
  | { readonly kind: 'slow job'; readonly questions: number };

export const serializationConflict: Fault = {
  kind: 'failed job',
  reason: 'invalidQuery',
  message: 'Could not serialize access to table due to concurrent update',
};
export const unavailable: Fault = {
  kind: 'error',
  status: 503,
  reason: 'backendError',
  message: 'Visibility check was unavailable.',
};
export const rateLimited: Fault = {
  kind: 'error',
  status: 403,
  reason: 'rateLimitExceeded',
  message: 'Exceeded rate limits: too many table update operations for this table.',
};

interface Planned {
  readonly call: Call;
  readonly fault: Fault;
  times: number;
}

export class Faults {
  private planned: Planned[] = [];

  /** The next `times` calls of that kind meet the fault. */
  plan(call: Call, fault: Fault, times = 1): void {
    this.planned.push({ call, fault, times });
  }

  next(call: Call): Fault | undefined {
    const found = this.planned.find((planned) => planned.call === call && planned.times > 0);
    if (found) found.times--;
    return found?.fault;
  }

  clear(): void {
    this.planned = [];
  }
}
