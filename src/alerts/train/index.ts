export {
  archiveAlerts,
  historyPrefix,
  readAlertHistory,
  type AlertHistory,
  type GroupedAlerts,
} from './alertHistory';
export { promoteAlertModel, rollbackAlertModel, type PromotionByHand } from './promoteAlertModel';
export {
  trainAlertClusters,
  type AlertTrainingControl,
  type AlertTrainingReport,
  type AlertTrainingRequest,
} from './trainAlertClusters';
export { trainingDue, type TrainingSchedule } from './trainingDue';
export { trainWhenDue } from './scheduledTraining';
