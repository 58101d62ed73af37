export { constraintsFrom, type FeedbackAlert, type GroupFeedback } from './constraintsFrom';
export {
  conditionKey,
  keysOf,
  kindKey,
  type AlertKey,
  type PairConstraint,
  type PairConstraints,
} from './pairConstraints';
