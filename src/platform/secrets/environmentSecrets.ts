import { QuarterdeckError } from '../../contracts';
import type { Secrets } from './secrets';

/**
 * Secrets from environment variables: `openai-key` is looked up as written and as `OPENAI_KEY`, since a Key Vault
 * name may hold dashes and a variable may not.
 */
export function environmentSecrets(environment: Readonly<Record<string, string | undefined>>): Secrets {
  return {
    get(name) {
      const variable = name.replaceAll(/[^A-Za-z0-9_]/g, '_').toUpperCase();
      const value = environment[name] || environment[variable];
      if (value) return Promise.resolve(value);
      return Promise.reject(
        new QuarterdeckError('SECRET_MISSING', `no secret ${name}: the variable ${variable} is not set`, {
          culprit: { setting: variable },
        }),
      );
    },
  };
}
