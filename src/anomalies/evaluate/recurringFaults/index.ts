export {
  evaluateRecurringFaults,
  recurringFaultsDefaults,
  type ArmFigures,
  type RecurringFaultsEvaluation,
  type RecurringFaultsOptions,
} from './evaluateRecurringFaults';
