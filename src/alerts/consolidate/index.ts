export { consolidate, type ConsolidateOptions, type Grouping } from './consolidate';
export type { ConstraintConflict } from './applyConstraints';
export type { GroupEvidence, LinkEvidence } from './evidence';
