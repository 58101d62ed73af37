import { QuarterdeckError } from '../../../contracts';
import { decodeModel, encodeModel } from '../../binary';
import { averagePathLength } from './averagePathLength';
import type { IsolationForestState } from './fittedIsolationForest';
import type { IsolationTrees } from './isolationTrees';

const kind = 'isolation_forest';
const formatVersion = 1;

export function encodeIsolationForest(state: IsolationForestState): Uint8Array {
  const { d, samples, contamination, threshold, least, most, trees } = state;
  const { roots, depths, feature, left, pathLength } = trees;
  return encodeModel(kind, formatVersion, {
    parameters: { d, samples, contamination, threshold, least, most, treeCount: trees.treeCount },
    arrays: { roots, depths, feature, threshold: trees.threshold, left, pathLength },
  });
}

/** @throws MODEL_BYTES_INVALID, also when the trees are none. */
export function decodeIsolationForest(bytes: Uint8Array): IsolationForestState {
  const { parameters, arrays } = decodeModel(kind, formatVersion, bytes);
  const number = (name: string): number => {
    const value = parameters[name];
    if (typeof value !== 'number') throw damaged(`${name} is no number`);
    return value;
  };
  const trees = {
    treeCount: number('treeCount'),
    roots: arrays['roots'],
    depths: arrays['depths'],
    feature: arrays['feature'],
    threshold: arrays['threshold'],
    left: arrays['left'],
    pathLength: arrays['pathLength'],
  } as IsolationTrees;
  const d = number('d');
  checkTrees(trees, d);
  const samples = number('samples');
  return {
    trees,
    d,
    samples,
    normalizer: averagePathLength(samples),
    contamination: number('contamination'),
    threshold: number('threshold'),
    least: number('least'),
    most: number('most'),
  };
}

/** A descent may neither leave its tree nor go round in it. */
function checkTrees(
  { treeCount, roots, depths, feature, threshold, left, pathLength }: IsolationTrees,
  d: number,
): void {
  const nodes = feature.length;
  const lengths = [threshold.length, left.length, pathLength.length, roots[treeCount]];
  if (
    roots.length !== treeCount + 1 ||
    depths.length !== treeCount ||
    lengths.some((length) => length !== nodes)
  ) {
    throw damaged('its arrays are of unequal length');
  }
  for (let tree = 0; tree < treeCount; tree++) {
    const end = roots[tree + 1]!;
    for (let node = roots[tree]!; node < end; node++) {
      if (
        feature[node]! < 0
          ? left[node] === node
          : left[node]! > node && left[node]! + 1 < end && feature[node]! < d
      ) {
        continue;
      }
      throw damaged(`node ${node} leads out of its tree`);
    }
  }
}

function damaged(why: string): QuarterdeckError {
  return new QuarterdeckError('MODEL_BYTES_INVALID', `not a ${kind} model: ${why}`);
}
