import { beforeAll } from '@jest/globals';
import { takeAccount } from './azuriteOfRun';

/**
 * An account of Azurite, empty and nobody else's, for the tests of a file or `describe`. The returned function gives its
 * connection string and may only be called inside tests and hooks.
 */
export function withAzurite(): () => string {
  let connectionString: string | undefined;
  beforeAll(async () => {
    connectionString = await takeAccount();
  }, 120_000);
  return () => {
    if (connectionString === undefined) throw new Error('the account is there only while the tests run');
    return connectionString;
  };
}
