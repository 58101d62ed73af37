import {
  createHttpHeaders,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/contracts';
import { keyVaultSecrets } from '../../../src/platform/secrets/keyVaultSecrets';
import { testClock } from '../../support/testClock';

const vault = 'https://deck.vault.azure.net';
const signal = AbortSignal.timeout(30_000);
type Reply = { status: number; body?: unknown; headers?: Record<string, string> };

/** The real client over a vault in this process: it challenges what comes without a token, as Key Vault does. */
function open(reply: (secret: string, number: number) => Reply | Promise<Reply>) {
  const asked: { secret: string; authorization: string | undefined }[] = [];
  let answered = 0;
  const httpClient: HttpClient = {
    async sendRequest(request: PipelineRequest): Promise<PipelineResponse> {
      const secret = new URL(request.url).pathname.split('/')[2]!;
      const authorization = request.headers.get('authorization');
      asked.push({ secret, authorization });
      const challenge = {
        status: 401,
        headers: {
          'www-authenticate':
            'Bearer authorization="https://login.microsoftonline.com/tenant", resource="https://vault.azure.net"',
        },
      };
      const {
        status,
        body = {},
        headers = {},
      } = authorization ? await reply(secret, ++answered) : { ...challenge, body: {} };
      return { request, status, headers: createHttpHeaders(headers), bodyAsText: JSON.stringify(body) };
    },
  };
  const clock = testClock();
  const scopes: unknown[] = [];
  const secrets = keyVaultSecrets({
    vault,
    clock,
    random: seededRandom(1),
    makeCredential: () => ({
      getToken: (scope) => {
        scopes.push(scope);
        return Promise.resolve({ token: 'token', expiresOnTimestamp: Date.now() + 3_600_000 });
      },
    }),
    clientOptions: { httpClient },
  });
  return { secrets, clock, asked, scopes };
}

const secretOf = (value: string): Reply => ({
  status: 200,
  body: { value, id: `${vault}/secrets/openai-key/0`, attributes: { enabled: true } },
});

describe('secrets from Key Vault', () => {
  test('the challenge is answered with a token for the vault, and the secret read', async () => {
    const { secrets, asked, scopes } = open(() => secretOf('s3cret'));
    expect(await secrets.get('openai-key', signal)).toBe('s3cret');
    expect(asked).toEqual([
      { secret: 'openai-key', authorization: undefined },
      { secret: 'openai-key', authorization: 'Bearer token' },
    ]);
    expect(scopes.flat()).toEqual(['https://vault.azure.net/.default']);
  });

  test('a secret is kept for a quarter of an hour, and read anew when the last one was refused', async () => {
    const { secrets, clock } = open((_, number) => secretOf(`version ${number}`));
    expect(await secrets.get('openai-key', signal)).toBe('version 1');
    clock.advance(14 * 60_000);
    expect(await secrets.get('openai-key', signal)).toBe('version 1');
    clock.advance(60_000);
    expect(await secrets.get('openai-key', signal)).toBe('version 2');
    expect(await secrets.get('openai-key', signal, { fresh: true })).toBe('version 3');
    expect(await secrets.get('openai-key', signal)).toBe('version 3');
  });

  test('throttling is waited out as long as the vault asks for', async () => {
    const { secrets, clock } = open((_, number) =>
      number === 1 ? { status: 429, headers: { 'retry-after': '2' } } : secretOf('s3cret'),
    );
    expect(await secrets.get('openai-key', signal)).toBe('s3cret');
    expect(clock.sleeps).toEqual([2_000]);
  });

  test('a vault that fails is tried four times; a secret still kept is better than none', async () => {
    let failing = false;
    const { secrets, clock } = open(() => (failing ? { status: 503 } : secretOf('s3cret')));
    await secrets.get('openai-key', signal);
    failing = true;
    clock.advance(16 * 60_000);
    expect(await secrets.get('openai-key', signal)).toBe('s3cret');
    expect(clock.sleeps).toHaveLength(3);
    await expect(secrets.get('other', signal)).rejects.toMatchObject({ code: 'SECRETS_UNAVAILABLE' });
    await expect(secrets.get('openai-key', signal, { fresh: true })).rejects.toMatchObject({
      code: 'SECRETS_UNAVAILABLE',
    });
  });

  test.each([
    [404, 'SECRET_MISSING'],
    [403, 'CREDENTIAL_REJECTED'],
    [400, 'SECRET_MISSING'],
  ])('status %d is %s at once', async (status, code) => {
    const { secrets, clock } = open(() => ({ status, body: { error: { code: 'X', message: 'no' } } }));
    await expect(secrets.get('openai-key', signal)).rejects.toMatchObject({
      code,
      culprit: { secret: 'openai-key' },
    });
    expect(clock.sleeps).toEqual([]);
  });

  test('an empty secret is none', async () => {
    const { secrets } = open(() => secretOf(''));
    await expect(secrets.get('openai-key', signal)).rejects.toMatchObject({ code: 'SECRET_MISSING' });
  });

  test('a caller who stops gets ABORTED', async () => {
    const stop = new AbortController();
    const { secrets } = open(() => {
      stop.abort();
      return { status: 503 };
    });
    await expect(secrets.get('openai-key', stop.signal)).rejects.toMatchObject({ code: 'ABORTED' });
  });
});
