import { QuarterdeckError } from '../../contracts';
import { leafFeature, treeCount, type TreeEnsemble } from './ensemble';

/**
 * The way from the root to every leaf, with one element per column that it asks about: a row follows the element
 * when its value lies in the interval that the splits on that column leave over.
 */
export interface LeafPaths {
  /** trees + 1 entries: leaves of tree t are `leafOffsets[t] … leafOffsets[t + 1] − 1`. */
  readonly leafOffsets: Int32Array;
  readonly leafValue: Float64Array;
  /** leaves + 1 entries: elements of leaf l are `elementOffsets[l] … elementOffsets[l + 1] − 1`. */
  readonly elementOffsets: Int32Array;
  /** Column of each element. */
  readonly feature: Int32Array;
  /** A row follows with a value of at least `lower` and below `upper`. */
  readonly lower: Float32Array;
  readonly upper: Float32Array;
  /** 1 when a row follows whose value is missing. */
  readonly missingFollows: Uint8Array;
  /** Share of the training rows, by cover, that follow where the splits on the column stand. */
  readonly zeroFraction: Float64Array;
  /** Mean margin over the training rows by cover, base margin included. */
  readonly expectedMargin: number;
}

interface Element {
  feature: number;
  lower: number;
  upper: number;
  missingFollows: boolean;
  zeroFraction: number;
}

/** Models from elsewhere may be chains of any length; their games would take time and memory without end. */
const mostElements = 2 ** 23;
const mostColumnsOfPath = 1024;

/** @throws INPUT_TOO_LARGE for trees whose paths ask about too many columns. */
export function leafPaths(ensemble: TreeEnsemble): LeafPaths {
  const { feature, threshold, left, right, defaultLeft, leafValue, cover, treeOffsets } = ensemble;
  const leafOffsets = new Int32Array(treeOffsets.length);
  const leafValues: number[] = [];
  const elementOffsets: number[] = [0];
  const elements: Element[] = [];
  let expectedMargin = ensemble.baseMargin;
  for (let tree = 0; tree < treeCount(ensemble); tree++) {
    // A stack of its own: trees from elsewhere may be deeper than calls can nest.
    const open: { node: number; path: readonly Element[] }[] = [{ node: treeOffsets[tree]!, path: [] }];
    for (let entry = open.pop(); entry; entry = open.pop()) {
      const { node, path } = entry;
      const column = feature[node]!;
      if (column === leafFeature) {
        leafValues.push(leafValue[node]!);
        for (const element of path) elements.push(element);
        if (path.length > mostColumnsOfPath || elements.length > mostElements) {
          throw new QuarterdeckError(
            'INPUT_TOO_LARGE',
            `tree ${tree} asks about ${path.length} columns on one path, all trees about ${elements.length} so far`,
          );
        }
        elementOffsets.push(elements.length);
        expectedMargin += path.reduce((share, element) => share * element.zeroFraction, leafValue[node]!);
        continue;
      }
      const step = (goesLeft: boolean): readonly Element[] => {
        const child = goesLeft ? left[node]! : right[node]!;
        const known = path.find((element) => element.feature === column);
        const before = known ?? {
          feature: column,
          lower: -Infinity,
          upper: Infinity,
          missingFollows: true,
          zeroFraction: 1,
        };
        const after: Element = {
          feature: column,
          lower: goesLeft ? before.lower : Math.max(before.lower, threshold[node]!),
          upper: goesLeft ? Math.min(before.upper, threshold[node]!) : before.upper,
          missingFollows: before.missingFollows && (defaultLeft[node] === 1) === goesLeft,
          zeroFraction: before.zeroFraction * shareOf(cover[child]!, cover[node]!),
        };
        return known ? path.map((element) => (element === known ? after : element)) : [...path, after];
      };
      open.push({ node: right[node]!, path: step(false) }, { node: left[node]!, path: step(true) });
    }
    leafOffsets[tree + 1] = leafValues.length;
  }
  return {
    leafOffsets,
    leafValue: Float64Array.from(leafValues),
    elementOffsets: Int32Array.from(elementOffsets),
    feature: Int32Array.from(elements, (element) => element.feature),
    lower: Float32Array.from(elements, (element) => element.lower),
    upper: Float32Array.from(elements, (element) => element.upper),
    missingFollows: Uint8Array.from(elements, (element) => (element.missingFollows ? 1 : 0)),
    zeroFraction: Float64Array.from(elements, (element) => element.zeroFraction),
    expectedMargin,
  };
}

/** A node that no training row reached says nothing of its children. */
function shareOf(child: number, parent: number): number {
  return parent > 0 ? child / parent : 0;
}
