import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/contracts';
import {
  remoteEmbedding,
  type RemoteEmbeddingOptions,
} from '../../../src/platform/embedding/remoteEmbedding';
import type { ServiceToken } from '../../../src/platform/openai/serviceToken';
import {
  embeddingsAnswer,
  errorAnswer,
  fakeOpenai,
  vectorOf,
  type Answer,
  type OpenaiCall,
} from '../../support/fakeOpenai';
import { recordingTelemetry } from '../../support/recordingTelemetry';
import { testClock } from '../../support/testClock';

const serve = fakeOpenai();
const width = 8;

async function open(
  answer: (call: OpenaiCall, number: number) => Answer | Promise<Answer>,
  options: Partial<RemoteEmbeddingOptions> = {},
) {
  const server = await serve(answer);
  const clock = testClock();
  const telemetry = recordingTelemetry();
  const token: ServiceToken = { get: () => Promise.resolve('key') };
  const embedder = remoteEmbedding({
    provider: 'openai-compatible',
    endpoint: server.address,
    model: 'some-model',
    width,
    token,
    clock,
    random: seededRandom(1),
    telemetry,
    ...options,
  });
  const embed = (texts: readonly string[], signal = AbortSignal.timeout(30_000)) =>
    embedder.embed(texts, { signal });
  return { server, clock, telemetry, embedder, embed };
}

const unit = (text: string): Float32Array => {
  const values = vectorOf(text, width);
  const norm = Math.hypot(...values);
  return Float32Array.from(values, (value) => value / norm);
};

describe('the remote embedding service', () => {
  test('gives one unit vector per text, in order, and zero for a blank one', async () => {
    const { embed, embedder, server } = await open((call) => embeddingsAnswer(call, width));
    const vectors = await embed(['a', '', 'bbb', ' \n']);
    expect(vectors[0]).toEqual(unit('a'));
    expect(vectors[1]).toEqual(new Float32Array(width));
    expect(vectors[2]).toEqual(unit('bbb'));
    expect(vectors[3]).toEqual(new Float32Array(width));
    expect(server.calls).toHaveLength(1);
    expect(server.calls[0]).toMatchObject({
      path: '/embeddings',
      authorization: 'Bearer key',
      body: { input: ['a', 'bbb'], model: 'some-model', encoding_format: 'base64' },
    });
    expect(embedder.model).toBe('some-model/8');
  });

  test('Azure is asked below /openai/v1, and for its dimensions only when they are not the model’s own', async () => {
    const azure = { provider: 'azure-openai', model: 'text-embedding-3-small' } as const;
    const { embed, server } = await open((call) => embeddingsAnswer(call, width), azure);
    await embed(['a']);
    expect(server.calls[0]).toMatchObject({ path: '/openai/v1/embeddings', body: { dimensions: width } });
    const own = await open((call) => embeddingsAnswer(call, 1_536), { ...azure, width: 1_536 });
    await own.embed(['a']);
    expect(own.server.calls[0]!.body).not.toHaveProperty('dimensions');
  });

  test('a service that knows no base64 is understood too', async () => {
    const { embed } = await open((call) =>
      embeddingsAnswer({ ...call, body: { ...call.body, encoding_format: 'float' } }, width),
    );
    expect((await embed(['abc']))[0]).toEqual(unit('abc'));
  });

  test('answers in another order are put in ours', async () => {
    const { embed } = await open((call) => {
      const answer = embeddingsAnswer(call, width);
      (answer.body as { data: unknown[] }).data.reverse();
      return answer;
    });
    expect(await embed(['a', 'bb', 'ccc'])).toEqual(['a', 'bb', 'ccc'].map(unit));
  });

  test('many texts go in bounded requests, few at once', async () => {
    const { embed, server } = await open(async (call) => {
      await new Promise((resolve) => setImmediate(resolve));
      return embeddingsAnswer(call, width);
    });
    const texts = Array.from({ length: 3_000 }, (_, index) => 'x'.repeat(1 + (index % 50)));
    expect(await embed(texts)).toEqual(texts.map(unit));
    const sizes = server.calls.map((call) => (call.body.input as string[]).length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(256);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(3_000);
    expect(server.mostAtOnce).toBeLessThanOrEqual(4);
  });

  test('a Retry-After of a second is waited for', async () => {
    const { embed, clock, telemetry } = await open((call, number) =>
      number === 1
        ? errorAnswer(429, 'rate_limit_exceeded', { 'retry-after': '1' })
        : embeddingsAnswer(call, width),
    );
    expect(await embed(['a'])).toEqual([unit('a')]);
    expect(clock.sleeps).toEqual([1_000]);
    expect(telemetry.metrics).toContainEqual({
      name: 'embedding.retry',
      value: 1,
      dimensions: { model: 'some-model', errorCode: 'EMBEDDING_RATE_LIMITED' },
    });
  });

  test('a Retry-After of an hour is not: the caller learns how long it would be', async () => {
    const { embed, clock, server } = await open(() =>
      errorAnswer(429, 'rate_limit_exceeded', { 'retry-after': '3600' }),
    );
    await expect(embed(['a'])).rejects.toMatchObject({
      code: 'EMBEDDING_RATE_LIMITED',
      retryAfterMs: 3_600_000,
    });
    expect(clock.sleeps).toEqual([]);
    expect(server.calls).toHaveLength(1);
  });

  test('a quota that is used up is not waited for', async () => {
    const { embed, server } = await open(() => errorAnswer(429, 'insufficient_quota'));
    await expect(embed(['a'])).rejects.toMatchObject({ code: 'EMBEDDING_REJECTED' });
    expect(server.calls).toHaveLength(1);
  });

  test('failures and dropped connections are retried with growing pauses, then given up', async () => {
    const { embed, clock, server } = await open((_, number) =>
      number % 2 === 0 ? { drop: true } : errorAnswer(503, 'unavailable'),
    );
    await expect(embed(['a'])).rejects.toMatchObject({ code: 'EMBEDDING_UNAVAILABLE' });
    expect(server.calls).toHaveLength(6);
    expect(clock.sleeps).toHaveLength(5);
    clock.sleeps.forEach((delay, index) => expect(delay).toBeLessThanOrEqual(500 * 2 ** index));
  });

  test('a socket that stays silent ends with the caller’s time limit', async () => {
    const { embed } = await open(() => undefined);
    await expect(embed(['a'], AbortSignal.timeout(100))).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
  });

  test('a caller who stops gets ABORTED', async () => {
    const stop = new AbortController();
    const { embed } = await open(() => {
      stop.abort();
      return undefined;
    });
    await expect(embed(['a'], stop.signal)).rejects.toMatchObject({ code: 'ABORTED' });
  });

  test('an expired token is renewed once', async () => {
    const asked: boolean[] = [];
    const token: ServiceToken = {
      get: (_, fresh) => {
        asked.push(fresh);
        return Promise.resolve(fresh ? 'new' : 'old');
      },
    };
    const { embed, server } = await open(
      (call) =>
        call.authorization === 'Bearer new'
          ? embeddingsAnswer(call, width)
          : errorAnswer(401, 'invalid_api_key'),
      { token },
    );
    expect(await embed(['a'])).toEqual([unit('a')]);
    expect(asked).toEqual([false, true]);
    expect(server.calls).toHaveLength(2);
  });

  test('a credential that stays refused is CREDENTIAL_REJECTED after the second try', async () => {
    const { embed, server } = await open(() => errorAnswer(401, 'invalid_api_key'));
    await expect(embed(['a'])).rejects.toMatchObject({ code: 'CREDENTIAL_REJECTED' });
    expect(server.calls).toHaveLength(2);
  });

  test.each([
    ['too few vectors', (data: unknown[]) => data.slice(1), {}],
    ['too many vectors', (data: unknown[]) => [...data, ...data], {}],
    ['one text answered twice', (data: unknown[]) => [data[0], data[0]], { row: 0 }],
    ['an index outside the request', (data: object[]) => [data[0], { ...data[1], index: 7 }], { row: 7 }],
    ['no list', () => 'oops', {}],
    ['another width', (data: object[]) => [data[0], { ...data[1], embedding: [1, 2] }], { row: 1 }],
    [
      'NaN',
      (data: object[]) => [data[0], { ...data[1], embedding: vectorOf('a', 7).concat(NaN) }],
      { row: 1 },
    ],
    ['only zeros', (data: object[]) => [data[0], { ...data[1], embedding: Array(8).fill(0) }], { row: 1 }],
  ])('an answer with %s is malformed', async (_, change, culprit) => {
    const { embed } = await open((call) => {
      const answer = embeddingsAnswer(call, width);
      const body = answer.body as { data: object[] };
      return { status: 200, body: { ...body, data: change(body.data) } };
    });
    await expect(embed(['a', 'b'])).rejects.toMatchObject({ code: 'EMBEDDING_MALFORMED', culprit });
  });

  test('an answer that is no JSON is a failed answer', async () => {
    const { embed } = await open((call, number) =>
      number === 1 ? { status: 200, body: '{"data": [' } : embeddingsAnswer(call, width),
    );
    expect(await embed(['a'])).toEqual([unit('a')]);
  });

  test('of a refused request the text at fault is found, and named', async () => {
    const { embed } = await open((call) =>
      (call.body.input as string[]).includes('bad')
        ? errorAnswer(400, 'invalid_input')
        : embeddingsAnswer(call, width),
    );
    const texts = Array.from({ length: 40 }, (_, index) =>
      index === 27 ? 'bad' : index === 5 ? '' : 'good',
    );
    await expect(embed(texts)).rejects.toMatchObject({ code: 'EMBEDDING_REJECTED', culprit: { row: 27 } });
  });

  test('an error never repeats the text that was sent', async () => {
    const { embed } = await open(() => ({
      status: 400,
      body: { error: { message: 'bad text: my secret', type: 'e', code: 'c', param: null } },
    }));
    await expect(embed(['my secret'])).rejects.toThrow(/^(?!.*my secret)/);
  });
});
