export * from './features';
export * from './validate';
export { answerIngest, type IngestRequest } from './ingest/answerIngest';
export { ingestBatch, type IncomingBatch, type Ingested } from './ingest/ingestBatch';
export { ingestMessageSchema, workBatch } from './ingest/workBatch';
export { importFile, type ImportControl, type ImportedFile } from './ingest/files/importFile';
export type { ObservationFileOptions } from './ingest/files/decodeFile';
export { droppedPrefix, takeDropped } from './ingest/files/dropped';
export { enqueuePulls, pullRequestSchema } from './ingest/pull/enqueuePulls';
export { pullSource } from './ingest/pull/pullSource';
export {
  listReviews,
  reviewQueue,
  standingVerdicts,
  storeReviewRound,
  submitReview,
  undoReview,
} from './review/reviewing';
export type { RowVerdict } from './review/standingReviews';
export { exportReviewItems, importReviews, type ImportedReviews } from './review/reviewFile';
export { reviewItemsOf } from './review/reviewItems';
export { selectForReview, type ReviewBudget, type ReviewCandidates } from './review/selectForReview';
export * from './model';
export * from './train';
export { scoredInstances } from './queries/scoredInstances';
export { surroundings } from './queries/surroundings';
export {
  trainAnomalyModels,
  type AnomalyTraining,
  type PublishedModel,
  type ReviewRound,
  type TrainAnomaliesRequest,
} from './train/pipeline';
export { abortCanary, canaryState, startCanary } from './route/canary/runCanary';
export { canaryAlert } from './route/canary/canaryAlert';
export { canaryForms, isUnderWay, type CanaryForm, type CanaryState } from './route/canary/canaryState';
export { experimentStatus, stepExperiment } from './route/experiment/runExperiment';
export { setRouting } from './route/routingState';
export { routingStatus, testRouting } from './route/routingStatus';
export { SplitCounter } from './route/splitCounter';
export { stepRollout } from './route/stepRollout';
export { answerProtocol } from './serve/protocol/answerProtocol';
export { anomalySeries, modelTable } from './serve/queries';
export { scoreAnomalies } from './serve/scoreAnomalies';
export { enqueueScoring, scoreInstance, scoreMessageSchema } from './serve/scoreInstance';
export { servingOf } from './serve/servingOf';
