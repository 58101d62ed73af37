export {
  trainAnomalyModels,
  type AnomalyTraining,
  type TrainAnomaliesControl,
  type TrainAnomaliesRequest,
} from './trainAnomalyModels';
export type { PublishedModel } from './publishModel';
export type { ReviewRound } from './pickReviews';
