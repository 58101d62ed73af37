import { QuarterdeckError } from '../../contracts';
import { decodeModel, encodeModel, type ModelContent } from '../binary';

/**
 * Decision trees whose leaf values add up to a margin (log-odds), as a structure of arrays: what every family of
 * boosting here is fitted to, and what prediction, TreeSHAP and export start from. Nodes of a tree stand
 * together, the root first and parents before their children.
 */
export interface TreeEnsemble {
  /** Columns of the data. */
  readonly d: number;
  readonly featureNames?: readonly string[];
  /** Margin before the first tree. */
  readonly baseMargin: number;
  /** trees + 1 entries: nodes of tree t are `treeOffsets[t] … treeOffsets[t + 1] − 1`. */
  readonly treeOffsets: Int32Array;
  /** Column that an inner node looks at; −1 in a leaf. All arrays from here on have one entry per node. */
  readonly feature: Int32Array;
  /** A value below it goes left. */
  readonly threshold: Float32Array;
  /** Children as positions in these arrays; −1 in a leaf. */
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** 1 where a missing value goes left. */
  readonly defaultLeft: Uint8Array;
  /** What a leaf adds to the margin; 0 in an inner node. */
  readonly leafValue: Float32Array;
  /** Weight of the training rows that came by: the sum of second derivatives, or of row weights. */
  readonly cover: Float32Array;
  /** Loss that the split took away; 0 in a leaf. */
  readonly gain: Float32Array;
}

export const leafFeature = -1;

const kind = 'tree-ensemble';
const formatVersion = 1;

const arraysOfNodes = {
  feature: Int32Array,
  threshold: Float32Array,
  left: Int32Array,
  right: Int32Array,
  defaultLeft: Uint8Array,
  leafValue: Float32Array,
  cover: Float32Array,
  gain: Float32Array,
} as const;

export function treeCount(ensemble: TreeEnsemble): number {
  return ensemble.treeOffsets.length - 1;
}

/** Parameters and arrays for the binary of a model that holds an ensemble. */
export function ensembleContent(ensemble: TreeEnsemble): ModelContent {
  const { d, baseMargin, featureNames, ...arrays } = ensemble;
  return { parameters: { d, baseMargin, ...(featureNames && { featureNames }) }, arrays };
}

/** @throws MODEL_BYTES_INVALID when the arrays do not make an ensemble. */
export function ensembleOf({ parameters, arrays }: ModelContent): TreeEnsemble {
  const { d, baseMargin, featureNames } = parameters;
  const { treeOffsets } = arrays;
  const nodes = arrays['feature']?.length ?? 0;
  const fits =
    treeOffsets instanceof Int32Array &&
    Object.entries(arraysOfNodes).every(
      ([name, type]) => arrays[name] instanceof type && arrays[name].length === nodes,
    );
  if (!fits) throw invalid('its arrays do not fit its sizes');
  const ensemble = {
    d,
    baseMargin,
    ...(featureNames !== undefined && { featureNames }),
    treeOffsets,
    ...Object.fromEntries(Object.keys(arraysOfNodes).map((name) => [name, arrays[name]])),
  } as unknown as TreeEnsemble;
  checkEnsemble(ensemble);
  return ensemble;
}

export function ensembleToBytes(ensemble: TreeEnsemble): Uint8Array {
  return encodeModel(kind, formatVersion, ensembleContent(ensemble));
}

/** @throws MODEL_BYTES_INVALID. */
export function ensembleFromBytes(bytes: Uint8Array): TreeEnsemble {
  return ensembleOf(decodeModel(kind, formatVersion, bytes));
}

/**
 * Holds an ensemble to its description, so that no walk can loop or leave it: children come after their parent,
 * inside its tree, and every node but the root has exactly one parent.
 * @throws MODEL_BYTES_INVALID.
 */
export function checkEnsemble(ensemble: TreeEnsemble): void {
  const { d, baseMargin, featureNames, treeOffsets, feature, threshold, left, right, leafValue } = ensemble;
  if (!Number.isInteger(d) || d < 1) throw invalid(`it has ${d} columns`);
  if (!Number.isFinite(baseMargin)) throw invalid(`its base margin is ${baseMargin}`);
  if (
    featureNames !== undefined &&
    !(
      Array.isArray(featureNames) &&
      featureNames.length === d &&
      featureNames.every((name) => typeof name === 'string')
    )
  ) {
    throw invalid(`its feature names are not ${d} words`);
  }
  if (treeOffsets[0] !== 0 || treeOffsets.at(-1) !== feature.length)
    throw invalid('its trees do not fit its nodes');
  const parents = new Uint8Array(feature.length);
  for (let tree = 0; tree + 1 < treeOffsets.length; tree++) {
    const from = treeOffsets[tree]!;
    const to = treeOffsets[tree + 1]!;
    if (to <= from) throw invalid(`tree ${tree} has no nodes`);
    for (let node = from; node < to; node++) {
      if (node > from && parents[node] !== 1) throw invalid(`node ${node} has no parent`);
      if (!Number.isFinite(leafValue[node]!) || !Number.isFinite(threshold[node]!)) {
        throw invalid(`node ${node} is not finite`);
      }
      if (feature[node] === leafFeature) continue;
      if (!(feature[node]! >= 0 && feature[node]! < d))
        throw invalid(`node ${node} looks at column ${feature[node]}`);
      for (const child of [left[node]!, right[node]!]) {
        if (!(child > node && child < to)) throw invalid(`node ${node} has the child ${child}`);
        if (parents[child] === 1) throw invalid(`node ${child} has two parents`);
        parents[child] = 1;
      }
    }
  }
}

function invalid(why: string): QuarterdeckError {
  return new QuarterdeckError('MODEL_BYTES_INVALID', `not a tree ensemble: ${why}`);
}

/** Trees `0 … trees − 1` alone. */
export function firstTrees(ensemble: TreeEnsemble, trees: number): TreeEnsemble {
  const nodes = ensemble.treeOffsets[trees]!;
  return {
    ...ensemble,
    treeOffsets: ensemble.treeOffsets.slice(0, trees + 1),
    feature: ensemble.feature.slice(0, nodes),
    threshold: ensemble.threshold.slice(0, nodes),
    left: ensemble.left.slice(0, nodes),
    right: ensemble.right.slice(0, nodes),
    defaultLeft: ensemble.defaultLeft.slice(0, nodes),
    leafValue: ensemble.leafValue.slice(0, nodes),
    cover: ensemble.cover.slice(0, nodes),
    gain: ensemble.gain.slice(0, nodes),
  };
}
