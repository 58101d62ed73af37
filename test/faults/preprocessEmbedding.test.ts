import { describe, expect, test } from '@jest/globals';
import type { Incident } from '../../src/contracts';
import { preprocessCenter } from '../../src/incidents/preprocess/preprocessCenter';
import {
  embeddingsAnswer,
  errorAnswer,
  fakeOpenai,
  type Answer,
  type FakeOpenai,
  type OpenaiCall,
} from '../support/fakeOpenai';
import { withPlatform, type TestPlatform } from '../support/platform';
import { incidentRow, ticketNumber } from '../support/warehouseRows';

/** The pipeline over the real client, against a server of this machine that misbehaves. */
const platformOf = withPlatform();
const serve = fakeOpenai();
const signal = new AbortController().signal;
const techCenter = 'Service Desk';
const width = 8;

async function started(
  answer: (call: OpenaiCall, number: number) => Answer,
  rows: readonly Incident[] = tickets(),
): Promise<{ platform: TestPlatform; server: FakeOpenai }> {
  const server = await serve(answer);
  const platform = await platformOf({
    environment: {
      EMBEDDING_PROVIDER: 'openai-compatible',
      EMBEDDING_ENDPOINT: server.address,
      EMBEDDING_MODEL: 'some-model',
      EMBEDDING_WIDTH: String(width),
      PREPROCESS_PAGE_SIZE: '10',
    },
  });
  await platform.warehouse.mergeIncidents(rows, signal);
  return { platform, server };
}

function tickets(count = 15): Incident[] {
  return Array.from({ length: count }, (_, index) =>
    incidentRow({
      number: ticketNumber(index),
      description: `Line ${index % 7} is dead in the open office.`,
    }),
  );
}

const fine = (call: OpenaiCall): Answer => embeddingsAnswer(call, width);
const stored = async (platform: TestPlatform): Promise<number> =>
  (await platform.warehouse.preprocessedBetween({ limit: 1_000 }, signal)).length;

describe('the embedding service', () => {
  test('asking to wait a second is waited for', async () => {
    const { platform } = await started((call, number) =>
      number === 1 ? errorAnswer(429, 'rate_limit', { 'retry-after': '1' }) : fine(call),
    );
    expect(await preprocessCenter(platform, { techCenter }, signal)).toMatchObject({
      status: 'ok',
      counts: { stored: 15 },
    });
    expect(platform.clock.sleeps).toContain(1_000);
  });

  test('asking to wait an hour ends the run with its code; the next run goes on where it stopped', async () => {
    let limited = true;
    const { platform } = await started((call, number) =>
      limited && number > 1 ? errorAnswer(429, 'rate_limit', { 'retry-after': '3600' }) : fine(call),
    );
    const first = await preprocessCenter(platform, { techCenter }, signal);
    expect(first).toMatchObject({
      status: 'partial',
      errorCode: 'EMBEDDING_RATE_LIMITED',
      counts: { stored: 10 },
    });
    expect(Math.max(0, ...platform.clock.sleeps)).toBeLessThan(600_000);
    expect(platform.telemetry.metrics).toContainEqual({
      name: 'pipeline.run.failed',
      value: 1,
      dimensions: { pipeline: 'preprocess', scope: techCenter, errorCode: 'EMBEDDING_RATE_LIMITED' },
    });
    limited = false;
    expect(await preprocessCenter(platform, { techCenter }, signal)).toMatchObject({
      status: 'ok',
      counts: { read: 5, stored: 5 },
    });
    expect(await stored(platform)).toBe(15);
  });

  test.each<[string, (call: OpenaiCall) => Answer, string]>([
    ['a wrong width', (call) => embeddingsAnswer(call, width + 1), 'EMBEDDING_MALFORMED'],
    [
      'a wrong count',
      (call) => embeddingsAnswer({ ...call, body: { ...call.body, input: ['one'] } }, width),
      'EMBEDDING_MALFORMED',
    ],
    ['an expired token', () => errorAnswer(401, 'invalid_api_key'), 'CREDENTIAL_REJECTED'],
    ['a refusal of everything', () => errorAnswer(400, 'bad_request'), 'EMBEDDING_REJECTED'],
    ['nothing but failures', () => errorAnswer(500, 'server_error'), 'EMBEDDING_UNAVAILABLE'],
  ])('giving %s fails the run with its code and sets no row aside', async (_name, answer, errorCode) => {
    const { platform } = await started(answer, tickets(5));
    expect(await preprocessCenter(platform, { techCenter }, signal)).toMatchObject({
      status: 'failed',
      errorCode,
    });
    expect(await stored(platform)).toBe(0);
    expect(await platform.warehouse.countQuarantined({}, signal)).toBe(0);
    expect(await platform.warehouse.watermark(techCenter, signal)).toBeUndefined();
  });

  test('refusing one text sets that row aside and stores the others', async () => {
    const rows = tickets(9);
    rows[4] = { ...rows[4]!, description: 'forbidden words' };
    const { platform } = await started(
      (call) =>
        (call.body['input'] as string[]).some((text) => text.includes('forbidden'))
          ? errorAnswer(400, 'content_filter')
          : fine(call),
      rows,
    );
    expect(await preprocessCenter(platform, { techCenter }, signal)).toMatchObject({
      status: 'ok',
      counts: { stored: 8, quarantined: 1 },
    });
    expect(await platform.warehouse.quarantined({ limit: 5 }, signal)).toEqual([
      expect.objectContaining({ key: ticketNumber(4), reasonCode: 'TEXT_REJECTED' }),
    ]);
  });

  test('refusing the only text of a page sets it aside, because it takes another', async () => {
    const { platform } = await started(
      (call) =>
        (call.body['input'] as string[]).some((text) => text.includes('forbidden'))
          ? errorAnswer(400, 'content_filter')
          : fine(call),
      [incidentRow({ description: 'forbidden words' })],
    );
    expect(await preprocessCenter(platform, { techCenter }, signal)).toMatchObject({
      status: 'ok',
      counts: { stored: 0, quarantined: 1 },
    });
  });
});
