import type { FailureAnswer } from '../../platform/http/endpoint';
import type { IngestKind, SourceShape } from './batch';
import type { Ingested } from './ingestBatch';
import { encodeMessage } from './proto/messages';

/**
 * Senders that speak a protocol want its answers, and read the status by its rules: OpenTelemetry (OTLP/HTTP),
 * Firehose, and Prometheus. Everybody else gets the receipt, or the error of the API.
 */
export type Dialect =
  | { readonly name: 'otlp'; readonly encoding: 'json' | 'protobuf' }
  | { readonly name: 'firehose'; readonly requestId: string }
  | { readonly name: 'remote-write' }
  | { readonly name: 'plain' };

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

const json = 'application/json; charset=utf-8';
const protobuf = 'application/x-protobuf';

/** Known from the headers and the route alone, so that a request whose body cannot be read is answered well too. */
export function dialectOf(headers: { get(name: string): string | null }, isOtlpRoute: boolean): Dialect {
  const requestId = headers.get('x-amz-firehose-request-id');
  if (requestId !== null) return { name: 'firehose', requestId };
  const mediaType = headers.get('content-type')?.toLowerCase() ?? '';
  const isProtobuf = mediaType.includes('protobuf');
  const isSnappy = headers.get('content-encoding')?.trim().toLowerCase() === 'snappy';
  if (isProtobuf && (isSnappy || headers.get('x-prometheus-remote-write-version') !== null)) {
    return { name: 'remote-write' };
  }
  if (isProtobuf) return { name: 'otlp', encoding: 'protobuf' };
  return isOtlpRoute ? { name: 'otlp', encoding: 'json' } : { name: 'plain' };
}

/** The dialect once the body is known: JSON tells only inside what it is. */
export function dialectOfShape(dialect: Dialect, shape: SourceShape): Dialect {
  return shape === 'otlp-json' ? { name: 'otlp', encoding: 'json' } : dialect;
}

export function answerIngested(
  dialect: Dialect,
  kind: IngestKind,
  { receipt, replayed }: Ingested,
  nowMs: number,
): HttpAnswer {
  const repeated = replayed ? { 'idempotent-replayed': 'true' } : {};
  const { rejected, rejectedTotal } = receipt;
  const reasons = `${rejectedTotal} set aside, the first: ${rejected[0]?.code}: ${rejected[0]?.message}`;
  switch (dialect.name) {
    case 'firehose':
      return {
        status: 200,
        headers: { ...repeated, 'content-type': json },
        body: JSON.stringify({ requestId: dialect.requestId, timestamp: nowMs }),
      };
    case 'remote-write':
      // The rest is stored; 400 tells the sender that it need not ask again with those that are not.
      return rejectedTotal === 0
        ? { status: 204, headers: repeated }
        : {
            status: 400,
            headers: { ...repeated, 'content-type': 'text/plain; charset=utf-8' },
            body: reasons,
          };
    case 'otlp': {
      const field = kind === 'logs' ? 'rejectedLogRecords' : 'rejectedDataPoints';
      const partial =
        rejectedTotal === 0
          ? {}
          : { partialSuccess: { [field]: String(rejectedTotal), errorMessage: reasons } };
      if (dialect.encoding === 'json') {
        // Readers of the protocol pass over names that they do not know.
        const body = JSON.stringify({ ...partial, ...receipt });
        return { status: 200, headers: { ...repeated, 'content-type': json }, body };
      }
      const message = kind === 'logs' ? 'ExportLogsServiceResponse' : 'ExportMetricsServiceResponse';
      return {
        status: 200,
        headers: { ...repeated, 'content-type': protobuf },
        body: encodeMessage(message, partial),
      };
    }
    case 'plain':
    default:
      return {
        status: receipt.status === 'queued' ? 202 : 200,
        headers: { ...repeated, 'content-type': json },
        body: JSON.stringify(receipt),
      };
  }
}

/** Codes of google.rpc.Code by HTTP status, as far as they occur. */
const rpcCodes: Readonly<Record<number, number>> = {
  400: 3,
  413: 8,
  415: 3,
  422: 3,
  429: 8,
  503: 14,
  504: 4,
};
const rpcInternal = 13;

export function answerFailure(dialect: Dialect, failure: FailureAnswer, nowMs: number): HttpAnswer {
  const { status, headers, jsonBody } = failure;
  const { code, message } = jsonBody.error;
  switch (dialect.name) {
    case 'firehose':
      return {
        status,
        headers: { ...headers, 'content-type': json },
        body: JSON.stringify({
          requestId: dialect.requestId,
          timestamp: nowMs,
          errorMessage: `${code}: ${message}`,
        }),
      };
    case 'remote-write':
      return {
        status,
        headers: { ...headers, 'content-type': 'text/plain; charset=utf-8' },
        body: `${code}: ${message}`,
      };
    case 'otlp': {
      const rpc = { code: rpcCodes[status] ?? rpcInternal, message: `${code}: ${message}` };
      return dialect.encoding === 'json'
        ? {
            status,
            headers: { ...headers, 'content-type': json },
            body: JSON.stringify({ ...rpc, ...jsonBody }),
          }
        : { status, headers: { ...headers, 'content-type': protobuf }, body: encodeMessage('Status', rpc) };
    }
    case 'plain':
    default:
      return { status, headers: { ...headers, 'content-type': json }, body: JSON.stringify(jsonBody) };
  }
}
