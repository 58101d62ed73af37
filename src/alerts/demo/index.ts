export { demoAlertRules, type AlertRule } from './alertRules';
export { generateServiceGraph, type ServiceGraphOptions } from './generateServiceGraph';
export {
  generateStorms,
  stormDefaults,
  type GeneratedStorm,
  type GeneratedStorms,
  type StormOptions,
} from './generateStorms';
