import { afterAll, beforeAll } from '@jest/globals';
import { startAzurite, type Azurite } from '../../src/host/azurite';

/**
 * One Azurite in memory for the tests of a file or `describe`: started before the first, stopped after the last.
 * The returned function gives its connection string and may only be called inside tests and hooks.
 */
export function withAzurite(): () => string {
  let azurite: Azurite | undefined;
  beforeAll(async () => {
    azurite = await startAzurite({ inMemory: true });
  }, 120_000);
  afterAll(async () => {
    await azurite?.stop();
  });
  return () => {
    if (!azurite) throw new Error('Azurite runs only while the tests do');
    return azurite.connectionString;
  };
}
