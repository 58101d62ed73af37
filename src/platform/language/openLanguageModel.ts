import type { Clock, Random } from '../../contracts';
import { tokenFor } from '../openai/tokenFor';
import type { Secrets } from '../secrets/secrets';
import { required } from '../settings/required';
import type { Settings } from '../settings/settings';
import type { Telemetry } from '../telemetry/telemetry';
import type { LanguageModel } from './languageModel';
import { remoteLanguageModel } from './remoteLanguageModel';

/** The language model that the settings choose; undefined for none: nothing depends on one. */
export function openLanguageModel(
  settings: Settings,
  parts: {
    readonly clock: Clock;
    readonly random: Random;
    readonly telemetry: Telemetry;
    readonly secrets: Secrets;
    newId(): string;
  },
): LanguageModel | undefined {
  const provider = settings.LANGUAGE_MODEL_PROVIDER;
  if (provider === 'none') return undefined;
  return remoteLanguageModel({
    ...parts,
    provider,
    endpoint: required(settings, 'LANGUAGE_MODEL_ENDPOINT'),
    model: required(settings, 'LANGUAGE_MODEL_NAME'),
    token: tokenFor(settings, provider, settings.LANGUAGE_MODEL_KEY_SECRET, parts.secrets),
  });
}
