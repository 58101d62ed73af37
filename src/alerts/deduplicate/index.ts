export { deduplicate, type AlertRole, type Deduplication, type DeduplicateOptions } from './deduplicate';
