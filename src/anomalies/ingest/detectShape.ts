import { QuarterdeckError } from '../../contracts';
import type { IngestKind, SourceShape } from './batch';
import { isSubscription } from './decode/cloudWatchLogs';
import { isMetricStreamLine } from './decode/cloudWatchMetrics';
import { diagnosticRecords } from './decode/azureMonitor';
import { envelopeData } from './decode/firehose';
import { linesOf, parseObject } from './decode/lines';

/** What the request's headers say of its body. */
export interface BodyHeaders {
  /** Media type, without parameters matters: `application/json; charset=utf-8`. */
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;
  /** `X-Prometheus-Remote-Write-Version`. */
  readonly remoteWriteVersion: string | undefined;
}

const brace = 0x7b;
const bracket = 0x5b;

/**
 * How a body is written. The content type decides between families, the content within them, because senders of
 * JSON all call it `application/json`.
 * @throws INPUT_UNSUPPORTED naming the content type.
 */
export function detectShape(kind: IngestKind, headers: BodyHeaders, body: Uint8Array): SourceShape {
  const [mediaType = '', ...parameters] = (headers.contentType ?? '').toLowerCase().split(';');
  const isRemoteWrite = headers.contentEncoding === 'snappy' || headers.remoteWriteVersion !== undefined;
  switch (mediaType.trim()) {
    case 'application/x-protobuf':
    case 'application/protobuf':
    case 'application/vnd.google.protobuf': {
      if (!isRemoteWrite) return 'otlp-protobuf';
      const proto = parameters.join(';');
      if (kind === 'logs' || (proto.includes('proto=') && !proto.includes('prometheus.writerequest'))) {
        throw unsupported(
          headers.contentType,
          'only prometheus.WriteRequest (remote write 1.0) is understood',
        );
      }
      return 'prometheus-remote-write';
    }
    case 'application/x-ndjson':
    case 'application/ndjson':
    case 'application/jsonl':
    case 'application/x-jsonlines':
    case 'application/jsonlines':
      return 'ndjson';
    case 'text/csv':
    case 'application/csv':
      return 'csv';
    case 'text/plain':
      return kind === 'logs' ? 'text' : textShape(body, headers.contentType);
    case 'application/vnd.apache.parquet':
      return 'parquet';
    case 'application/json':
    case 'text/json':
    case 'application/x-amz-json-1.1':
      return jsonShape(kind, body, headers.contentType);
    case '':
    case 'application/octet-stream':
      return textShape(body, headers.contentType);
    default:
      throw unsupported(headers.contentType);
  }
}

/** Of a body that no content type describes. */
function textShape(body: Uint8Array, contentType: string | undefined): SourceShape {
  const first = body.find((byte) => byte > 0x20);
  if (first === brace) return 'ndjson';
  const head = new TextDecoder().decode(body.subarray(0, 4_096));
  const [line = ''] = head.split('\n', 1);
  if (/[,;\t|]/.test(line) && !line.includes('\u0000')) return 'csv';
  throw unsupported(contentType, 'neither JSON objects in lines nor CSV');
}

function jsonShape(kind: IngestKind, body: Uint8Array, contentType: string | undefined): SourceShape {
  const first = body.find((byte) => byte > 0x20);
  if (first !== brace && first !== bracket) throw unsupported(contentType, 'the body is no JSON');
  const value = jsonOf(body);
  // Several objects, one a line, called JSON by a sender who means NDJSON.
  if (value === undefined) return firstLineIsObject(body) ? 'ndjson' : 'json';
  if (first === brace) {
    const object = value as Record<string, unknown>;
    if (kind === 'logs' ? 'resourceLogs' in object : 'resourceMetrics' in object) return 'otlp-json';
    if (envelopeData(value) !== undefined) return 'requestId' in object ? 'firehose' : 'kinesis';
    if (kind === 'logs' && isSubscription(value)) return 'cloudwatch-logs';
    if (kind === 'metrics' && isMetricStreamLine(value)) return 'cloudwatch-metrics';
    // An empty export of OpenTelemetry.
    if (Object.keys(object).length === 0) return 'otlp-json';
  }
  return diagnosticRecords(value) === undefined ? 'json' : 'azure-monitor';
}

function firstLineIsObject(body: Uint8Array): boolean {
  for (const { text } of linesOf(body)) return text !== undefined && 'object' in parseObject(text);
  return false;
}

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body)) as unknown;
  } catch {
    // What it is instead, and what is wrong with it, the decoder says.
    return undefined;
  }
}

function unsupported(contentType: string | undefined, why = ''): QuarterdeckError {
  const shown = (contentType ?? 'none').slice(0, 100);
  return new QuarterdeckError(
    'INPUT_UNSUPPORTED',
    `content type ${shown} is not understood${why === '' ? '' : `: ${why}`}; send OTLP, NDJSON, CSV, CloudWatch, Azure Monitor or Prometheus remote write`,
    { culprit: { field: 'content-type' } },
  );
}
