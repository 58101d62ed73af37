import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { QuarterdeckError } from '../../contracts';
import type { HttpData, TypedData } from '../app/functionsCore';
import { bodyLimit, checkAnnouncedLength, readBody } from '../http/requestBody';
import { sendEmpty, sendResponse } from '../http/httpResponse';
import type { HttpExchange } from '../http/routeTable';
import { parseRouteTemplate, RouteTemplateError } from '../http/routeTemplate';
import type { TriggerHost, TriggerKind } from './triggerKind';

const bindingSchema = z.looseObject({
  route: z.string().optional(),
  methods: z.array(z.string()).min(1).default(['GET', 'POST']),
  authLevel: z.enum(['anonymous', 'function', 'admin']).default('function'),
});
/** Addresses of the host itself, which the real host keeps for itself too. */
const reserved = new Set(['admin', 'runtime']);

/** HTTP trigger: one route, answered by one invocation per request. */
export const httpTrigger: TriggerKind = (target, host) => {
  const refuse = (why: string) =>
    new QuarterdeckError('FUNCTIONS_APP_INVALID', `function "${target.name}": ${why}`, {
      culprit: { function: target.name },
    });
  const parsed = bindingSchema.safeParse(target.trigger);
  if (!parsed.success) throw refuse(`its HTTP trigger does not fit: ${parsed.error.issues[0]?.message}`);
  const { route, methods, authLevel } = parsed.data;
  const prefix = host.hostJson.extensions.http.routePrefix.replace(/^\/|\/$/g, '');
  const text = `${prefix === '' ? '' : `${prefix}/`}${(route || target.name).replace(/^\//, '')}`;
  if (reserved.has(text.split('/')[0]!.toLowerCase()))
    throw refuse(`its route "${text}" belongs to the host`);
  const limit = bodyLimit(host.environment);

  const answer = async (exchange: HttpExchange): Promise<void> => {
    const { request, response, url } = exchange;
    const invocationId = randomUUID();
    response.setHeader('x-ms-invocation-id', invocationId);
    const traceParent = single(request.headers['traceparent']);
    try {
      checkAnnouncedLength(request, limit);
      if (host.streaming) {
        const failureStatus = host.streaming.hand({ invocationId, request, response, url, limit });
        const data: TypedData = { http: { method: request.method ?? 'GET', url: url.href } };
        const metadata = streamMetadata(exchange);
        await host.invoker.invoke(target, { data, metadata, invocationId, traceParent, failureStatus });
        return;
      }
      const body = await readBody(request, limit);
      const { returnValue } = await host.invoker.invoke(target, {
        data: { http: toHttpData(exchange, body) },
        invocationId,
        traceParent,
      });
      if (returnValue?.http) sendResponse(response, returnValue.http);
      else sendEmpty(response, 204);
    } catch (error) {
      refuseRequest(exchange, error, host);
    }
  };

  let template: ReturnType<typeof parseRouteTemplate>;
  try {
    template = parseRouteTemplate(text);
  } catch (error) {
    if (error instanceof RouteTemplateError)
      throw refuse(`its route "${text}" cannot be used: ${error.message}`);
    throw error;
  }
  return {
    start: async () => {
      host.routes.add({
        functionName: target.name,
        template,
        methods: new Set(methods.map((method) => method.toUpperCase())),
        level: authLevel,
        answer,
      });
    },
    stop: async () => {},
    invoke: () => {
      throw new QuarterdeckError(
        'INPUT_INVALID',
        `function "${target.name}" is called at its route, /${text}`,
        {
          culprit: { field: 'name' },
        },
      );
    },
  };
};

/** What the real host sends its worker: values that came twice are joined by commas (GrpcMessageConversion). */
function toHttpData({ request, url, values }: HttpExchange, body: Buffer): HttpData {
  const nullable = (entries: Iterable<readonly [string, string]>) => {
    const joined = new Map<string, string>();
    for (const [name, value] of entries) {
      const known = joined.get(name);
      joined.set(name, known === undefined ? value : `${known},${value}`);
    }
    return Object.fromEntries([...joined].map(([name, value]) => [name, { value }]));
  };
  return {
    method: request.method ?? 'GET',
    url: url.href,
    nullableHeaders: nullable(headersOf(request.headers)),
    nullableQuery: nullable(url.searchParams),
    nullableParams: nullable(values),
    ...(body.length > 0 ? { body: { bytes: body } } : {}),
  };
}

function* headersOf(headers: NodeJS.Dict<string | string[]>): Generator<readonly [string, string]> {
  for (const [name, value] of Object.entries(headers)) {
    const text = Array.isArray(value) ? value.join(',') : value;
    if (text !== undefined && text !== '') yield [name, text];
  }
}

/** With streaming on, `@azure/functions` takes headers and route values from the trigger metadata. */
function streamMetadata({ request, values }: HttpExchange): Record<string, TypedData> {
  return {
    ...Object.fromEntries([...values].map(([name, value]) => [name, { string: value }])),
    Headers: { json: JSON.stringify(Object.fromEntries(headersOf(request.headers))) },
  };
}

function refuseRequest({ request, response }: HttpExchange, error: unknown, host: TriggerHost): void {
  const tooLarge = error instanceof QuarterdeckError && error.code === 'INPUT_TOO_LARGE';
  if (response.headersSent) {
    // Half an answer is out: only a broken connection tells the client that the rest is missing.
    if (!response.writableEnded) response.destroy();
    return;
  }
  if (tooLarge) host.log('warning', `${request.method} ${request.url?.split('?')[0]}: ${error.message}`);
  for (const name of response.getHeaderNames()) if (name.startsWith('content-')) response.removeHeader(name);
  sendEmpty(response, tooLarge ? 413 : 500);
}

function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
