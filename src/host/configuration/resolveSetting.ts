import { QuarterdeckError } from '../../contracts';
import type { Environment } from './environment';

/**
 * Replaces every `%NAME%` by the setting of that name, as the real host does in schedules and queue names.
 *
 * @throws SETTINGS_INVALID naming the setting that is missing.
 */
export function resolveSettings(text: string, environment: Environment, where: string): string {
  return text.replace(/%([^%]+)%/g, (_whole, name: string) => {
    const value = environment[name];
    if (value !== undefined && value !== '') return value;
    throw new QuarterdeckError('SETTINGS_INVALID', `${where} needs the setting ${name}, which is not set`, {
      culprit: { setting: name },
    });
  });
}
