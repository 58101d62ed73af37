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
