import { uncompress } from 'snappyjs';
import { QuarterdeckError } from '../../contracts';
import { ingestQuerySchema } from '../../contracts/ingestHttp';
import { ingestQueue } from '../../contracts/queues';
import { admit } from '../../platform/http/admission';
import { contentEncoding, readBody, type BodySource } from '../../platform/http/body';
import { failureAnswer, readQuery, type EndpointRequest } from '../../platform/http/endpoint';
import type { Platform } from '../../platform/platform';
import type { IngestKind } from './batch';
import { firehoseEnvelope } from './decode/firehose';
import { detectShape } from './detectShape';
import { answerFailure, answerIngested, dialectOf, dialectOfShape, type HttpAnswer } from './dialect';
import { ingestBatch } from './ingestBatch';

export interface IngestRequest {
  readonly kind: IngestKind;
  /** The route is one of an OpenTelemetry exporter's. */
  readonly otlpRoute: boolean;
  readonly requestId: string;
}

/** Below the 3 minutes of Firehose and the 230 s of the load balancer. */
const limitMs = 120_000;
/** gzip of logs reaches 20 to 50; far above that it is a bomb. */
const maximumRatio = 200;
const longestKey = 256;

/** Answers a request that brings logs or metrics, in whatever protocol it speaks. */
export async function answerIngest(
  platform: Platform,
  request: EndpointRequest,
  { kind, otlpRoute, requestId }: IngestRequest,
): Promise<HttpAnswer> {
  let dialect = dialectOf(request.headers, otlpRoute);
  const signal = AbortSignal.timeout(limitMs);
  try {
    const { instance, source } = readQuery(request.url, ingestQuerySchema);
    const maximumBytes = platform.settings.INGEST_MAX_BODY_BYTES;
    const announced = Number(request.headers.get('content-length') ?? 0) || maximumBytes;
    const admission = await admit(platform, ingestQueue, announced, signal);
    try {
      const body = await readPlainBody(request, maximumBytes);
      admission.resize(body.length);
      const shape = detectShape(
        kind,
        {
          contentType: request.headers.get('content-type') ?? undefined,
          contentEncoding: contentEncoding(request),
          remoteWriteVersion: request.headers.get('x-prometheus-remote-write-version') ?? undefined,
        },
        body,
      );
      dialect = dialectOfShape(dialect, shape);
      const envelope =
        shape === 'firehose' ? firehoseEnvelope(JSON.parse(new TextDecoder().decode(body))) : undefined;
      // A tool that posts an envelope by hand is answered as Firehose is.
      if (envelope) dialect = { name: 'firehose', requestId: envelope.requestId };
      const key = readKey(request) ?? (envelope && `firehose ${envelope.requestId}`);
      const ingested = await ingestBatch(
        platform,
        {
          kind,
          shape,
          body,
          ...(key !== undefined && { key }),
          ...(instance !== undefined && { instance }),
          ...(source !== undefined && { source }),
        },
        signal,
      );
      const answer = answerIngested(dialect, kind, ingested, platform.clock.now());
      return {
        ...answer,
        headers: { ...answer.headers, 'x-request-id': requestId, 'cache-control': 'no-store' },
      };
    } finally {
      admission.release();
    }
  } catch (error) {
    const context = { requestId, telemetry: () => platform.telemetry };
    const failure = failureAnswer(error, context, { 'x-request-id': requestId });
    return answerFailure(dialect, failure, platform.clock.now());
  }
}

async function readPlainBody(source: BodySource, maximumBytes: number): Promise<Uint8Array> {
  const body = await readBody(source, { maximumBytes, maximumRatio, keptEncodings: ['snappy'] });
  if (contentEncoding(source) !== 'snappy') return body;
  const size = snappyLength(body);
  if (size === undefined || size > maximumBytes) {
    throw new QuarterdeckError(
      size === undefined ? 'INPUT_INVALID' : 'INPUT_TOO_LARGE',
      size === undefined ? 'the body is not valid snappy' : `the body is larger than ${maximumBytes} bytes`,
      { culprit: { field: 'body' } },
    );
  }
  try {
    return uncompress(body, maximumBytes);
  } catch (error) {
    throw new QuarterdeckError('INPUT_INVALID', 'the body is not valid snappy', { cause: error });
  }
}

/** What a snappy block says of its length: a varint at its start (snappy format description, section 1). */
function snappyLength(body: Uint8Array): number | undefined {
  let length = 0;
  for (let at = 0; at < 5 && at < body.length; at++) {
    length += (body[at]! & 0x7f) * 2 ** (7 * at);
    if ((body[at]! & 0x80) === 0) return length;
  }
  return undefined;
}

function readKey(request: EndpointRequest): string | undefined {
  const key = request.headers.get('idempotency-key')?.trim();
  if (key === undefined || key === '') return undefined;
  if (key.length <= longestKey) return key;
  throw new QuarterdeckError('INPUT_INVALID', `Idempotency-Key is longer than ${longestKey} characters`, {
    culprit: { field: 'idempotency-key' },
  });
}
