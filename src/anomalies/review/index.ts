export { memoryReviews } from './memoryReviews';
export {
  listReviews,
  reviewQueue,
  standingVerdicts,
  storeReviewRound,
  submitReview,
  undoReview,
  type ReviewPlatform,
} from './reviewing';
export {
  selectForReview,
  type PickedRow,
  type ReviewBudget,
  type ReviewCandidates,
  type ReviewSelection,
} from './selectForReview';
export { reviewItemsOf, type ReviewedRound } from './reviewItems';
export { reviewVectors, stateVectors } from './reviewVectors';
