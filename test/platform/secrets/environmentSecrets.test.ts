import { expect, test } from '@jest/globals';
import { environmentSecrets } from '../../../src/platform/secrets/environmentSecrets';

const signal = AbortSignal.timeout(10_000);

test('a secret is found under its own name or as a variable is written', async () => {
  const secrets = environmentSecrets({ OPENAI_KEY: 'a', plain: 'b' });
  expect(await secrets.get('openai-key', signal)).toBe('a');
  expect(await secrets.get('plain', signal)).toBe('b');
});

test('a missing or empty one names the variable', async () => {
  const secrets = environmentSecrets({ EMPTY_KEY: '' });
  await expect(secrets.get('openai-key', signal)).rejects.toMatchObject({
    code: 'SECRET_MISSING',
    culprit: { setting: 'OPENAI_KEY' },
  });
  await expect(secrets.get('empty-key', signal)).rejects.toMatchObject({ code: 'SECRET_MISSING' });
});
