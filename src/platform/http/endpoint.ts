import type { z } from 'zod';
import { isQuarterdeckError, QuarterdeckError } from '../../contracts';
import type { Telemetry } from '../telemetry/telemetry';
import { readBody, type BodySource } from './body';
import { parseJson } from './json';

/** The request as the Functions runtime hands it over, without its types: any runtime's request of this shape fits. */
export interface EndpointRequest extends BodySource {
  readonly method: string;
  readonly query: Iterable<[string, string]>;
  readonly params: Readonly<Record<string, string>>;
}

export interface EndpointAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly jsonBody: unknown;
}

/** What an endpoint accepts: each part has a schema, and what no schema names is refused. */
export interface EndpointSchemas<Params, Query, Body> {
  readonly params?: z.ZodType<Params>;
  readonly query?: z.ZodType<Query>;
  readonly body?: z.ZodType<Body>;
}

export interface EndpointInput<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly signal: AbortSignal;
}

export interface EndpointLimits {
  readonly maximumBodyBytes: number;
  readonly timeoutMs: number;
}

const defaultLimits: EndpointLimits = {
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
      ? check('body', schemas.body, parseJson(await readBody(request, limits.maximumBodyBytes)))
      : (undefined as Body);
    const signal = AbortSignal.timeout(limits.timeoutMs);
    const jsonBody = await handle({
      params: check('path', schemas.params, request.params),
      query: check('query', schemas.query, queryObject(request.query)),
      body,
      signal,
    });
    return { status: 200, headers: { ...headers, 'cache-control': 'no-store' }, jsonBody };
  } catch (error) {
    return failure(error, context, headers);
  }
}

/** Repeated names are refused, so that no two readers can see different values. */
function queryObject(query: Iterable<[string, string]>): Record<string, string> {
  const result = Object.create(null) as Record<string, string>;
  for (const [name, value] of query) {
    if (name in result) {
      throw new QuarterdeckError('INPUT_INVALID', `query parameter ${name} is given twice`, {
        culprit: { field: name },
      });
    }
    result[name] = value;
  }
  return { ...result };
}

function check<T>(part: string, schema: z.ZodType<T> | undefined, value: unknown): T {
  if (!schema) return value as T;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => ({
    field: [part, ...path.map(String)].join('.'),
    message,
  }));
  throw new QuarterdeckError('INPUT_INVALID', problems.map((p) => `${p.field}: ${p.message}`).join('; '), {
    culprit: { field: problems[0]!.field, problems },
  });
}

function failure(
  error: unknown,
  context: { requestId: string; telemetry: () => Telemetry },
  headers: Record<string, string>,
): EndpointAnswer {
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
