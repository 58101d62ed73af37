import { leafFeature, type TreeEnsemble } from './ensemble';

/** XGBoost's kinds: per split on average, in total, or the number of splits. */
export type ImportanceKind = 'gain' | 'totalGain' | 'cover' | 'totalCover' | 'weight';

/** How much the trees lean on every column (d entries; a column without a split has 0). */
export function importance(ensemble: TreeEnsemble, kind: ImportanceKind): Float64Array {
  const totals = new Float64Array(ensemble.d);
  const splits = new Float64Array(ensemble.d);
  const { feature } = ensemble;
  const source = kind === 'gain' || kind === 'totalGain' ? ensemble.gain : ensemble.cover;
  for (let node = 0; node < feature.length; node++) {
    const column = feature[node]!;
    if (column === leafFeature) continue;
    totals[column]! += source[node]!;
    splits[column]!++;
  }
  if (kind === 'weight') return splits;
  if (kind === 'totalGain' || kind === 'totalCover') return totals;
  return totals.map((total, column) => (splits[column]! > 0 ? total / splits[column]! : 0));
}
