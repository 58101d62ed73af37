import { answerIngest } from '../../../src/anomalies';
import type { IngestReceipt } from '../../../src/contracts';
import type { Platform } from '../../../src/platform/platform';
import type { EndpointRequest } from '../../../src/platform/http/endpoint';

export interface IngestRequestParts {
  readonly body: string | Uint8Array;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly path?: string;
}

/** A request as the Functions runtime hands it over. */
export function ingestRequest({
  body,
  contentType = 'application/x-ndjson',
  headers = {},
  query = '',
  path = 'api/ingest/metrics',
}: IngestRequestParts): EndpointRequest {
  const request = new Request(`https://quarterdeck.test/${path}${query === '' ? '' : `?${query}`}`, {
    method: 'POST',
    headers: { 'content-type': contentType, 'content-length': String(Buffer.byteLength(body)), ...headers },
    body: new Blob([Buffer.from(body)]),
  });
  return {
    method: request.method,
    url: request.url,
    params: {},
    headers: request.headers,
    body: request.body,
  };
}

export interface Posted {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
  readonly text: string;
  /** What the text says as JSON, when it is; else an empty object. */
  readonly receipt: IngestReceipt;
}

/** Sends a request through everything behind the Functions runtime. */
export async function post(
  platform: Platform,
  kind: 'metrics' | 'logs',
  parts: IngestRequestParts,
): Promise<Posted> {
  const request = { kind, otlpRoute: parts.path?.includes('otlp') ?? false, requestId: 'request-1' };
  const { status, headers, body = '' } = await answerIngest(platform, ingestRequest(parts), request);
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  const text = new TextDecoder().decode(bytes);
  return {
    status,
    headers,
    bytes,
    text,
    receipt: JSON.parse(text.startsWith('{') ? text : '{}') as IngestReceipt,
  };
}
