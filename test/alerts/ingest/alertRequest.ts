import { answerAlerts } from '../../../src/alerts';
import type { Alert } from '../../../src/contracts';
import type { AlertReceipt } from '../../../src/contracts/alertHttp';
import type { EndpointRequest } from '../../../src/platform/http/endpoint';
import type { Platform } from '../../../src/platform/platform';

export interface AlertRequestParts {
  /** Text and bytes go as they are, anything else as JSON. */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: string;
}

/** A request as the Functions runtime hands it over. */
export function alertRequest({ body, headers = {}, query = '' }: AlertRequestParts): EndpointRequest {
  const content =
    typeof body === 'string' || body instanceof Uint8Array ? Buffer.from(body) : JSON.stringify(body);
  const request = new Request(`https://quarterdeck.test/api/alerts${query === '' ? '' : `?${query}`}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(content)),
      ...headers,
    },
    body: new Blob([content]),
  });
  const { method, url, body: stream } = request;
  return { method, url, params: {}, headers: request.headers, body: stream };
}

export interface PostedAlerts {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly receipt: AlertReceipt;
}

/** Sends a request through everything behind the Functions runtime. */
export async function postAlerts(
  platform: Platform,
  body: unknown,
  parts: Omit<AlertRequestParts, 'body'> = {},
): Promise<PostedAlerts> {
  const answer = await answerAlerts(platform, alertRequest({ body, ...parts }), { requestId: 'request-1' });
  return {
    status: answer.status,
    headers: answer.headers,
    receipt: JSON.parse(JSON.stringify(answer.jsonBody)) as AlertReceipt,
  };
}

/** All alerts of the warehouse, by start and then by id. */
export async function storedAlerts(platform: Platform): Promise<Alert[]> {
  const all = { from: '1900-01-01T00:00:00.000000Z', to: '2500-01-01T00:00:00.000000Z', limit: 100_000 };
  return platform.warehouse.alertsBetween(all, AbortSignal.timeout(60_000));
}
