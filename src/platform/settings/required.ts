import { QuarterdeckError } from '../../contracts';
import type { Settings, VariableName } from './settings';

/**
 * A setting that the chosen provider cannot do without. `readSettings` has checked the same, for settings that
 * come from there.
 * @throws SETTINGS_INVALID naming the variable.
 */
export function required<Name extends VariableName>(
  settings: Settings,
  name: Name,
): NonNullable<Settings[Name]> {
  const value = settings[name];
  if (value !== undefined && value !== null) return value;
  throw new QuarterdeckError('SETTINGS_INVALID', `${name} is missing`, { culprit: { setting: name } });
}
