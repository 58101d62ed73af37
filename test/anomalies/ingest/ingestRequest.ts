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
