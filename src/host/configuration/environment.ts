import type { LocalSettings } from './localSettings';

/** Variables by name; app settings are environment variables in every host. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The process whose environment the app reads. Not the global of the same name, because a test sandbox has a
 * copy of it that the app, which loads outside the sandbox, would not see.
 */
const outerProcess = process.getBuiltinModule('node:process');

/**
 * Gives the app its environment: local.settings.json fills what the process does not have, `overrides` win over
 * both. Returns the environment and what undoes it.
 */
export function applyEnvironment(
  settings: LocalSettings,
  overrides: Environment,
): { environment: Environment; restore: () => void } {
  const { env } = outerProcess;
  const before = new Map<string, string | undefined>();
  const set = (name: string, value: string | undefined) => {
    if (!before.has(name)) before.set(name, env[name]);
    if (value === undefined) delete env[name];
    else env[name] = value;
  };
  for (const [name, value] of Object.entries(settings.Values)) if (env[name] === undefined) set(name, value);
  for (const [name, value] of Object.entries(overrides)) set(name, value);
  return {
    environment: env,
    restore: () => {
      for (const [name, value] of before) {
        if (value === undefined) delete env[name];
        else env[name] = value;
      }
    },
  };
}
