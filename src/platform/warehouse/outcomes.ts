import type { ReviewVerdict } from '../../contracts';
import type { ScoreOutcome } from './anomalyOperations';
import type { ColumnKind } from './tables';

/** A score with one reviewer's last verdict on its row. */
export type JudgedScore = Omit<ScoreOutcome, 'verdict'> & { readonly verdict: ReviewVerdict };

/** Columns of a `JudgedScore`, in the order that both engines select them in. */
export const judgedColumns: readonly { readonly property: string; readonly kind: ColumnKind }[] = [
  { property: 'instance', kind: 'text' },
  { property: 'at', kind: 'timestamp' },
  { property: 'model', kind: 'text' },
  { property: 'modelVersion', kind: 'text' },
  { property: 'role', kind: 'text' },
  { property: 'unit', kind: 'text' },
  { property: 'score', kind: 'float' },
  { property: 'label', kind: 'integer' },
  { property: 'verdict', kind: 'text' },
  { property: 'scoredAt', kind: 'timestamp' },
  { property: 'reviewedAt', kind: 'timestamp' },
];

/** What the majority of the reviewers of each row says; a tie, or `skip` alone, says nothing. */
export function outcomesOf(judged: readonly JudgedScore[]): ScoreOutcome[] {
  const groups = new Map<string, { score: JudgedScore; balance: number }>();
  for (const score of judged) {
    if (score.verdict === 'skip') continue;
    const key = JSON.stringify([score.instance, score.at, score.model, score.modelVersion]);
    const known = groups.get(key);
    const vote = score.verdict === 'anomaly' ? 1 : -1;
    const newest = known && known.score.reviewedAt > score.reviewedAt ? known.score : score;
    groups.set(key, { score: newest, balance: (known?.balance ?? 0) + vote });
  }
  return [...groups.values()]
    .filter(({ balance }) => balance !== 0)
    .map(({ score, balance }) => ({ ...score, verdict: balance > 0 ? 1 : 0 }))
    .sort((a, b) => (a.reviewedAt < b.reviewedAt ? -1 : a.reviewedAt > b.reviewedAt ? 1 : 0));
}
