import type { z } from 'zod';
import { isQuarterdeckError, QuarterdeckError } from '../../contracts';
import type { Telemetry } from '../telemetry/telemetry';
import { readBody, type BodySource } from './body';
import { parseJson, parseTensorJson } from './json';

/** The request as the Functions runtime hands it over, without its types: any runtime's request of this shape fits. */
export interface EndpointRequest extends BodySource {
  readonly method: string;
  /** Absolute. The query is read from here: the runtime's own reading of it joins repeated values. */
  readonly url: string;
  readonly params: Readonly<Record<string, string>>;
}

export interface EndpointAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly jsonBody: unknown;
}

export interface FailureAnswer extends EndpointAnswer {
  readonly jsonBody: {
    readonly error: {
      readonly code: string;
      readonly message: string;
      readonly details?: unknown;
      readonly requestId: string;
    };
  };
}

/** What an endpoint accepts: each part has a schema, and what no schema names is refused. */
export interface EndpointSchemas<Params, Query, Body> {
  readonly params?: z.ZodType<Params>;
  readonly query?: z.ZodType<Query>;
  readonly body?: z.ZodType<Body>;
}

export interface EndpointInput<Params, Query, Body> {
  readonly headers: EndpointRequest['headers'];
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly signal: AbortSignal;
}

export interface EndpointLimits {
  readonly maximumBodyBytes: number;
  readonly timeoutMs: number;
  /** The body is mostly numbers: see `parseTensorJson`. */
  readonly manyNumbers?: boolean;
}

/** The Functions host takes its key from this query parameter and leaves it in the address. */
const keyParameter = 'code';
/** What a caller is told at most of what is wrong; an answer is not to grow with the mistakes in a request. */
const problemsShown = 10;
const problemCharacters = 300;

export const defaultLimits: EndpointLimits = {
  // 1,000 texts of 4 KB each to classify, with room for JSON's escapes.
  maximumBodyBytes: 8 * 1024 * 1024,
  // The platform's load balancer gives up after 230 s.
  timeoutMs: 120_000,
};

/**
 * Parses, bounds and checks a request, calls the handler, and turns what it returns or throws into an answer:
 * `{"error":{"code","message","details?","requestId"}}` without stack, path or secret.
 */
export async function answerRequest<Params, Query, Body>(
  request: EndpointRequest,
  context: { requestId: string; telemetry: () => Telemetry },
  schemas: EndpointSchemas<Params, Query, Body>,
  handle: (input: EndpointInput<Params, Query, Body>) => Promise<unknown>,
  limits: EndpointLimits = defaultLimits,
): Promise<EndpointAnswer> {
  const headers = { 'content-type': 'application/json; charset=utf-8', 'x-request-id': context.requestId };
  try {
    const body = schemas.body
      ? check(
          'body',
          schemas.body,
          (limits.manyNumbers ? parseTensorJson : parseJson)(
            await readBody(request, limits.maximumBodyBytes),
          ),
        )
      : (undefined as Body);
    const signal = AbortSignal.timeout(limits.timeoutMs);
    const jsonBody = await handle({
      headers: request.headers,
      params: check('path', schemas.params, request.params),
      query: readQuery(request.url, schemas.query),
      body,
      signal,
    });
    return { status: 200, headers: { ...headers, 'cache-control': 'no-store' }, jsonBody };
  } catch (error) {
    return failureAnswer(error, context, headers);
  }
}

/**
 * The query of an absolute address, checked; without a schema there may be none.
 * @throws INPUT_INVALID naming the parameter.
 */
export function readQuery<T>(url: string, schema: z.ZodType<T> | undefined): T {
  return checkQuery(schema, queryObject(new URL(url).searchParams));
}

/** Repeated names are refused, so that no two readers can see different values. */
function queryObject(query: URLSearchParams): Record<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of query) {
    if (name === keyParameter) continue;
    // Schemas pass this name over in silence.
    if (name === '__proto__') throw refusedParameter(name, 'is not allowed');
    if (values.has(name)) throw refusedParameter(name, 'is given twice');
    values.set(name, value);
  }
  return Object.fromEntries(values);
}

function checkQuery<T>(schema: z.ZodType<T> | undefined, query: Record<string, string>): T {
  const [first] = Object.keys(query);
  if (!schema && first !== undefined) throw refusedParameter(first, 'is unknown');
  return check('query', schema, query);
}

function refusedParameter(name: string, why: string): QuarterdeckError {
  const shown = shorten(name);
  return new QuarterdeckError('INPUT_INVALID', `query parameter ${shown} ${why}`, {
    culprit: { field: shown },
  });
}

function check<T>(part: string, schema: z.ZodType<T> | undefined, value: unknown): T {
  if (!schema) return value as T;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { issues } = result.error;
  const problems = issues.slice(0, problemsShown).map(({ path, message }) => ({
    field: shorten([part, ...path.map(String)].join('.')),
    message: shorten(message),
  }));
  const more = issues.length - problems.length;
  const said = problems.map(({ field, message }) => `${field}: ${message}`);
  if (more > 0) said.push(`and ${more} more`);
  throw new QuarterdeckError('INPUT_INVALID', said.join('; '), {
    culprit: { field: problems[0]!.field, problems },
  });
}

function shorten(text: string): string {
  return text.length <= problemCharacters ? text : `${text.slice(0, problemCharacters)}…`;
}

/** The coded answer to an error; what is no fault of the caller goes to telemetry. */
export function failureAnswer(
  error: unknown,
  context: { requestId: string; telemetry: () => Telemetry },
  headers: Record<string, string>,
): FailureAnswer {
  const { requestId } = context;
  if (!isQuarterdeckError(error) || error.status >= 500) context.telemetry().exception(error, { requestId });
  if (!isQuarterdeckError(error)) {
    return {
      status: 500,
      headers,
      jsonBody: { error: { code: 'INTERNAL', message: 'unexpected error', requestId } },
    };
  }
  const retryAfter =
    error.retryAfterMs === undefined ? {} : { 'retry-after': String(Math.ceil(error.retryAfterMs / 1000)) };
  // What went wrong inside is for the operators; a caller learns the code and what the code means.
  const visible = error.status < 500;
  return {
    status: error.status,
    headers: { ...headers, ...retryAfter },
    jsonBody: {
      error: {
        code: error.code,
        message: visible ? error.message : error.kind.meaning,
        ...(visible && Object.keys(error.culprit).length > 0 && { details: error.culprit }),
        requestId,
      },
    },
  };
}
