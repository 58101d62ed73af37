import { QuarterdeckError } from '../../contracts';
import { crossCheck, type SettingProblem } from './crossCheck';
import { variables, type Settings, type VariableName } from './variables';

export { variables, type Settings, type VariableName };

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Checks every setting, alone and against the others, and reports all problems at once. A value never appears in a
 * message: it may be a secret.
 *
 * @param environment usually `process.env`; blank text counts as not set.
 * @throws SETTINGS_INVALID naming every bad variable.
 */
export function readSettings(environment: Environment): Settings {
  const problems: SettingProblem[] = [];
  const result: Partial<Record<VariableName, unknown>> = {};
  for (const name of Object.keys(variables) as VariableName[]) {
    const given = environment[name]?.trim();
    const parsed = variables[name].safeParse(given === '' ? undefined : given);
    if (parsed.success) result[name] = parsed.data;
    else
      problems.push({ setting: name, problem: parsed.error.issues.map(({ message }) => message).join('; ') });
  }
  // A bad value counts as not set here; what depends on it is not reported a second time.
  const bad = new Set(problems.map(({ setting }) => setting));
  problems.push(...crossCheck(result as Partial<Settings>).filter(({ setting }) => !bad.has(setting)));
  if (problems.length > 0) {
    const listed = problems.map(({ setting, problem }) => `${setting}: ${problem}`);
    throw new QuarterdeckError('SETTINGS_INVALID', `bad settings: ${listed.join(' | ')}`, {
      culprit: { setting: [...new Set(problems.map(({ setting }) => setting))].join(', ') },
    });
  }
  return result as Settings;
}
