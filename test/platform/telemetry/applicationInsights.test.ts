import { gunzipSync } from 'node:zlib';
import {
  createHttpHeaders,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import { describe, expect, test } from '@jest/globals';
import { QuarterdeckError } from '../../../src/contracts';
import { applicationInsights } from '../../../src/platform/telemetry/applicationInsights';
import { recordingTelemetry } from '../../support/recordingTelemetry';
import { testClock } from '../../support/testClock';

interface Envelope {
  readonly data: {
    readonly baseType: string;
    readonly baseData: Record<string, unknown> & {
      readonly metrics?: { name: string; value: number }[];
      readonly properties?: Record<string, string>;
    };
  };
}

const connectionString =
  'InstrumentationKey=00000000-0000-4000-8000-000000000000;IngestionEndpoint=https://ingest.example/';

/** The real SDK over an ingestion endpoint in this process. */
function open(connection = connectionString, status = 200) {
  const envelopes: Envelope[] = [];
  const httpClient: HttpClient = {
    sendRequest(request: PipelineRequest): Promise<PipelineResponse> {
      if (request.url.startsWith('https://ingest.example/')) envelopes.push(...read(request));
      const body = { itemsReceived: 1, itemsAccepted: 1, errors: [] };
      return Promise.resolve({
        request,
        status,
        headers: createHttpHeaders(),
        bodyAsText: JSON.stringify(body),
      });
    },
  };
  const fallback = recordingTelemetry();
  const telemetry = applicationInsights({
    connectionString: connection,
    makeCredential: undefined,
    clock: testClock(),
    fallback,
    httpClient,
  });
  const sent = (baseType: string) =>
    envelopes.filter(({ data }) => data.baseType === baseType).map(({ data }) => data.baseData);
  return { telemetry, fallback, sent };
}

function read(request: PipelineRequest): Envelope[] {
  const body = request.body as string | Uint8Array;
  const text = typeof body === 'string' ? body : gunzipSync(body).toString();
  return text.startsWith('[')
    ? (JSON.parse(text) as Envelope[])
    : text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Envelope);
}

describe('Application Insights', () => {
  test('metrics arrive under their names, with their dimensions', async () => {
    const { telemetry, sent } = open();
    telemetry.metric('pipeline.heartbeat', 1, { pipeline: 'predict', scope: 'Service Desk' });
    telemetry.metric('pipeline.heartbeat', 1, { pipeline: 'predict', scope: 'Service Desk' });
    await telemetry.flush();
    expect(sent('MetricData')).toEqual([
      expect.objectContaining({
        metrics: [expect.objectContaining({ name: 'pipeline.heartbeat', value: 2 })],
        properties: expect.objectContaining({ pipeline: 'predict', scope: 'Service Desk' }) as unknown,
      }),
    ]);
  });

  test('logs, exceptions and spans arrive, all of them, with secrets taken out', async () => {
    const { telemetry, sent } = open();
    for (let index = 0; index < 20; index++) {
      await telemetry.span(`step ${index}`, { scope: 'A' }, () => Promise.resolve(index));
    }
    telemetry.log('warning', 'mail from jane@corp.example', { scope: 'A', password: 'password: hunter2' });
    telemetry.exception(new QuarterdeckError('STORAGE_UNAVAILABLE', 'token eyJhbGciOi.eyJzdWIi.c2ln'), {
      scope: 'A',
    });
    await telemetry.flush();
    expect(sent('RemoteDependencyData').map(({ name }) => name)).toHaveLength(20);
    expect(sent('MessageData')).toEqual([
      expect.objectContaining({
        message: 'mail from [email]',
        severityLevel: 'Warning',
        properties: expect.objectContaining({ scope: 'A', password: 'password: [secret]' }) as unknown,
      }),
    ]);
    const [exception] = sent('ExceptionData');
    expect(exception).toMatchObject({ properties: { code: 'STORAGE_UNAVAILABLE' } });
    expect(JSON.stringify(exception)).not.toContain('eyJ');
  });

  test('a span that fails is recorded as failed, and its error goes on to the caller', async () => {
    const { telemetry, sent } = open();
    const failing = telemetry.span('step', {}, () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    await telemetry.flush();
    expect(sent('RemoteDependencyData')).toEqual([expect.objectContaining({ name: 'step', success: false })]);
  });

  test('an endpoint that refuses disturbs nobody', async () => {
    const { telemetry } = open(connectionString, 500);
    telemetry.metric('training.overdue', 1, { scope: 'A' });
    telemetry.log('info', 'hello');
    await telemetry.flush();
    await telemetry.flush();
  });

  test('a connection string that is none disturbs nobody', async () => {
    const { telemetry, sent } = open('nonsense');
    telemetry.metric('training.overdue', 1, { scope: 'A' });
    telemetry.exception('not even an error');
    await telemetry.flush();
    expect(sent('MetricData')).toEqual([]);
  });

  test('nothing to say, nothing to load', async () => {
    const { telemetry, sent } = open();
    await telemetry.flush();
    expect(sent('MessageData')).toEqual([]);
  });
});
