import { QuarterdeckError } from '../../contracts';
import { leafFeature, treeCount, type TreeEnsemble } from './ensemble';

/** The newest form that all of 1.7, 2.x and 3.x read. */
const formatVersion = [1, 7, 4];
/** XGBoost's parent of a root. */
const noParent = 2 ** 31 - 1;
/** Beyond it, the probability of a base margin has too few digits left in float32. */
const farthestBaseMargin = 8;

/**
 * Writes an ensemble as the model JSON of XGBoost 1.7 and later, with the objective `binary:logistic`.
 * @param featureNames d names; those of the ensemble, or none, when left out.
 * @throws DATA_WIDTH_MISMATCH for another number of names.
 */
export function toXgboostJson(
  model: TreeEnsemble | { readonly ensemble: TreeEnsemble },
  featureNames?: readonly string[],
): string {
  const ensemble = 'ensemble' in model ? model.ensemble : model;
  const names = featureNames ?? ensemble.featureNames ?? [];
  const { d, baseMargin } = ensemble;
  if (names.length > 0 && names.length !== d) {
    throw new QuarterdeckError('DATA_WIDTH_MISMATCH', `${names.length} feature names for ${d} columns`);
  }
  const trees = Array.from({ length: treeCount(ensemble) }, (_, tree) => treeOf(ensemble, tree));
  const far = Math.abs(baseMargin) > farthestBaseMargin;
  // A tree of one leaf adds a constant too.
  if (far) trees.push(constantTree(baseMargin, trees.length, d));
  const text = JSON.stringify({
    learner: {
      attributes: {},
      feature_names: names,
      feature_types: names.map(() => 'float'),
      gradient_booster: {
        model: {
          gbtree_model_param: {
            num_parallel_tree: '1',
            num_trees: String(trees.length),
            size_leaf_vector: '0',
          },
          tree_info: trees.map(() => 0),
          trees: [],
        },
        name: 'gbtree',
      },
      learner_model_param: {
        base_score: realNumber(far ? 0.5 : 1 / (1 + Math.exp(-baseMargin))),
        boost_from_average: '1',
        num_class: '0',
        num_feature: String(d),
        num_target: '1',
      },
      objective: { name: 'binary:logistic', reg_loss_param: { scale_pos_weight: '1' } },
    },
    version: formatVersion,
  });
  return text.replace('"trees":[]', () => `"trees":[${trees.join(',')}]`);
}

function treeOf(ensemble: TreeEnsemble, tree: number): string {
  const from = ensemble.treeOffsets[tree]!;
  const to = ensemble.treeOffsets[tree + 1]!;
  const count = to - from;
  const part = (values: Int32Array | Float32Array | Uint8Array): number[] =>
    Array.from(values.subarray(from, to));
  const child = (position: number): number => (position < 0 ? -1 : position - from);
  const left = part(ensemble.left).map(child);
  const right = part(ensemble.right).map(child);
  const feature = part(ensemble.feature);
  const values = part(ensemble.leafValue);
  const cover = part(ensemble.cover);
  const parents = Array.from({ length: count }, () => noParent);
  for (let node = count - 1; node >= 0; node--) {
    if (feature[node] === leafFeature) continue;
    const [a, b] = [left[node]!, right[node]!];
    parents[a] = node;
    parents[b] = node;
    const mass = cover[a]! + cover[b]!;
    values[node] = mass > 0 ? (values[a]! * cover[a]! + values[b]! * cover[b]!) / mass : 0;
  }
  const isLeaf = (node: number): boolean => feature[node] === leafFeature;
  return treeText({
    base_weights: values,
    default_left: part(ensemble.defaultLeft),
    id: tree,
    left_children: left,
    loss_changes: part(ensemble.gain),
    parents,
    right_children: right,
    split_conditions: part(ensemble.threshold).map((threshold, node) =>
      isLeaf(node) ? values[node]! : threshold,
    ),
    split_indices: feature.map((column) => (column === leafFeature ? 0 : column)),
    split_type: feature.map(() => 0),
    sum_hessian: cover,
    tree_param: treeParameters(count, ensemble.d),
  });
}

function constantTree(value: number, id: number, d: number): string {
  return treeText({
    base_weights: [value],
    default_left: [0],
    id,
    left_children: [-1],
    loss_changes: [0],
    parents: [noParent],
    right_children: [-1],
    split_conditions: [value],
    split_indices: [0],
    split_type: [0],
    sum_hessian: [1],
    tree_param: treeParameters(1, d),
  });
}

const nothingOfCategories = {
  categories: [],
  categories_nodes: [],
  categories_segments: [],
  categories_sizes: [],
};

function treeParameters(nodes: number, d: number): object {
  return { num_deleted: '0', num_feature: String(d), num_nodes: String(nodes), size_leaf_vector: '0' };
}

/** What XGBoost reads as real numbers alone; the rest are whole ones. */
const realFields = ['base_weights', 'loss_changes', 'split_conditions', 'sum_hessian'];

/** JSON of one tree. XGBoost refuses a whole number where it expects a real one, so those get an exponent. */
function treeText(fields: Readonly<Record<string, unknown>>): string {
  const parts = Object.entries({ ...nothingOfCategories, ...fields }).map(([name, value]) => {
    const text = realFields.includes(name)
      ? `[${(value as number[]).map(realNumber).join(',')}]`
      : JSON.stringify(value);
    return `"${name}":${text}`;
  });
  return `{${parts.join(',')}}`;
}

/** Digits that bring back the same float32. */
const float32Digits = 9;

function realNumber(value: number): string {
  if (Object.is(value, -0)) return '-0E0';
  const digits = String(Number(Math.fround(value).toPrecision(float32Digits)));
  return digits.includes('e') ? digits : `${digits}E0`;
}
