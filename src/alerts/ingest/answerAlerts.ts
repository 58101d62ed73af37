import { QuarterdeckError } from '../../contracts';
import { receiveAlertsQuerySchema } from '../../contracts/alertHttp';
import { alertIngestQueue } from '../../contracts/queues';
import { admit } from '../../platform/http/admission';
import { readBody } from '../../platform/http/body';
import {
  failureAnswer,
  readQuery,
  type EndpointAnswer,
  type EndpointRequest,
} from '../../platform/http/endpoint';
import type { Platform } from '../../platform/platform';
import { ingestAlerts } from './ingestAlerts';

/** Below the 230 s of the load balancer; senders of webhooks have given up long before. */
const limitMs = 120_000;
/** gzip of alerts reaches 20 to 50; far above that it is a bomb. */
const maximumRatio = 200;
const longestKey = 256;

/** Answers a request that brings alerts, in whatever shape: with the receipt, or the error of the API. */
export async function answerAlerts(
  platform: Platform,
  request: EndpointRequest,
  { requestId }: { readonly requestId: string },
): Promise<EndpointAnswer> {
  const headers = { 'content-type': 'application/json; charset=utf-8', 'x-request-id': requestId };
  const signal = AbortSignal.timeout(limitMs);
  try {
    const { format, source } = readQuery(request.url, receiveAlertsQuerySchema);
    const maximumBytes = platform.settings.INGEST_MAX_BODY_BYTES;
    const announced = Number(request.headers.get('content-length') ?? 0) || maximumBytes;
    const admission = await admit(platform, alertIngestQueue, announced, signal);
    try {
      const body = await readBody(request, { maximumBytes, maximumRatio });
      admission.resize(body.length);
      const key = readKey(request);
      const { receipt, replayed } = await ingestAlerts(
        platform,
        {
          body,
          ...(format !== undefined && { format }),
          ...(source !== undefined && { source }),
          ...(key !== undefined && { key }),
        },
        signal,
      );
      return {
        status: receipt.status === 'queued' ? 202 : 200,
        headers: {
          ...headers,
          'cache-control': 'no-store',
          ...(replayed && { 'idempotent-replayed': 'true' }),
        },
        jsonBody: receipt,
      };
    } finally {
      admission.release();
    }
  } catch (error) {
    return failureAnswer(error, { requestId, telemetry: () => platform.telemetry }, headers);
  }
}

function readKey(request: EndpointRequest): string | undefined {
  const key = request.headers.get('idempotency-key')?.trim();
  if (key === undefined || key === '') return undefined;
  if (key.length <= longestKey) return key;
  throw new QuarterdeckError('INPUT_INVALID', `Idempotency-Key is longer than ${longestKey} characters`, {
    culprit: { field: 'idempotency-key' },
  });
}
