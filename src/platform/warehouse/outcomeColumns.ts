import type { ColumnKind } from './tables';

/** Columns of a `ScoreOutcome`, in the order that both engines select them in. */
export const outcomeColumns: readonly { readonly property: string; readonly kind: ColumnKind }[] = [
  { property: 'instance', kind: 'text' },
  { property: 'at', kind: 'timestamp' },
  { property: 'model', kind: 'text' },
  { property: 'modelVersion', kind: 'text' },
  { property: 'role', kind: 'text' },
  { property: 'unit', kind: 'text' },
  { property: 'score', kind: 'float' },
  { property: 'label', kind: 'integer' },
  { property: 'verdict', kind: 'integer' },
  { property: 'scoredAt', kind: 'timestamp' },
  { property: 'reviewedAt', kind: 'timestamp' },
];
