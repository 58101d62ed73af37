import type { z } from 'zod';
import { QuarterdeckError } from '../../contracts';
import { leafFeature, type TreeEnsemble } from './ensemble';
import { xgboostKind, xgboostTrees, type XgboostTree } from './xgboostSchema';

/** Far above what a file of boosted trees has; keeps memory in proportion. */
const mostBytes = 256 * 2 ** 20;
const mostColumns = 1_000_000;
const mostNodes = 2 ** 24;
/** `left_children` of a leaf. */
const noChild = -1;

/**
 * Reads the model JSON of XGBoost 1.7 to 3.x: trees (`gbtree`) for two classes (`binary:logistic`). A model that
 * was stopped early ends with its best round, as its Python class predicts.
 * @throws FILE_MALFORMED naming the field when it is no such file or its trees do not hang together,
 *   MODEL_UNSUPPORTED with the reason for models of another kind, INPUT_TOO_LARGE.
 */
export function fromXgboostJson(file: string | Uint8Array): TreeEnsemble {
  if (file.length > mostBytes) throw tooLarge(`${file.length} bytes`);
  const json = parsed(file);
  const { learner } = valid(xgboostKind, json);
  const { learner_model_param: shape, feature_names: names, objective, gradient_booster: booster } = learner;
  if (booster.name !== 'gbtree') throw unsupported(`its booster is ${booster.name}, only gbtree is read`);
  if (objective.name !== 'binary:logistic') {
    throw unsupported(`its objective is ${objective.name}, only binary:logistic is read`);
  }
  if (shape.num_class > 1 || (shape.num_target ?? 1) > 1) throw unsupported('it has several outputs');
  const { model } = valid(xgboostTrees, json).learner.gradient_booster;
  const d = shape.num_feature;
  if (d > mostColumns) throw tooLarge(`${d} columns`);
  if (d < 1) throw malformed('learner.learner_model_param.num_feature', 'it has no columns');
  if (names && names.length > 0 && names.length !== d) {
    throw malformed('learner.feature_names', `${names.length} names for ${d} columns`);
  }
  const best = learner.attributes?.best_iteration;
  const roundTrees = Math.max(1, model.gbtree_model_param.num_parallel_tree ?? 1);
  const trees = best === undefined ? model.trees : model.trees.slice(0, (Number(best) + 1) * roundTrees);
  return {
    d,
    ...(names && names.length > 0 && { featureNames: names }),
    baseMargin: baseMarginOf(shape.base_score),
    ...joined(trees, d),
  };
}

function parsed(file: string | Uint8Array): unknown {
  try {
    return JSON.parse(
      typeof file === 'string' ? file : new TextDecoder('utf-8', { fatal: true }).decode(file),
    );
  } catch (cause) {
    throw new QuarterdeckError('FILE_MALFORMED', 'the XGBoost model is not JSON', { cause });
  }
}

function valid<Schema extends z.ZodType>(schema: Schema, json: unknown): z.infer<Schema> {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw malformed(issue!.path.join('.'), issue!.message);
}

function baseMarginOf(words: string): number {
  const score = Math.fround(Number(words.replace(/^\[(.*)\]$/, '$1')));
  if (words.includes(',')) throw unsupported('it has several outputs');
  if (!(score > 0 && score < 1)) {
    throw malformed(
      'learner.learner_model_param.base_score',
      `${words} is not a probability between 0 and 1`,
    );
  }
  // Each step rounded to float32, as XGBoost's own.
  return Math.fround(0 - Math.log(Math.fround(Math.fround(1 / score) - 1)));
}

type Arrays = Omit<TreeEnsemble, 'd' | 'featureNames' | 'baseMargin'>;

function joined(trees: readonly XgboostTree[], d: number): Arrays {
  const nodes = trees.reduce((sum, { left_children: children }) => sum + children.length, 0);
  if (nodes > mostNodes) throw tooLarge(`${nodes} nodes`);
  const arrays = {
    treeOffsets: new Int32Array(trees.length + 1),
    feature: new Int32Array(nodes),
    threshold: new Float32Array(nodes),
    left: new Int32Array(nodes),
    right: new Int32Array(nodes),
    defaultLeft: new Uint8Array(nodes),
    leafValue: new Float32Array(nodes),
    cover: new Float32Array(nodes),
    gain: new Float32Array(nodes),
  };
  let end = 0;
  trees.forEach((tree, index) => {
    end = appendTree(tree, index, d, arrays, end);
    arrays.treeOffsets[index + 1] = end;
  });
  const { treeOffsets, ...ofNodes } = arrays;
  // Nodes that pruning took out of a tree stay in the file.
  const kept = Object.fromEntries(
    Object.entries(ofNodes).map(([name, values]) => [name, values.slice(0, end)]),
  );
  return { treeOffsets, ...(kept as unknown as typeof ofNodes) };
}

/** Numbers the nodes anew, parents before children, and returns where the tree ends. */
function appendTree(tree: XgboostTree, index: number, d: number, to: Arrays, start: number): number {
  const field = (name: string): string => `learner.gradient_booster.model.trees.${index}.${name}`;
  const count = tree.left_children.length;
  const perNode = [
    'right_children',
    'split_indices',
    'split_conditions',
    'default_left',
    'sum_hessian',
    'loss_changes',
  ] as const;
  if (count === 0 || tree.tree_param.num_nodes !== count) {
    throw malformed(
      field('tree_param.num_nodes'),
      `${tree.tree_param.num_nodes} nodes with ${count} children`,
    );
  }
  for (const name of perNode) {
    if (tree[name].length !== count)
      throw malformed(field(name), `${tree[name].length} entries for ${count} nodes`);
  }
  if (tree.split_type?.some((type) => type !== 0) || (tree.categories_nodes?.length ?? 0) > 0) {
    throw unsupported('it splits by category');
  }
  if ((tree.tree_param.size_leaf_vector ?? 0) > 1) throw unsupported('its leaves hold several outputs');
  const number = (name: 'split_conditions' | 'sum_hessian' | 'loss_changes', node: number): number => {
    const value = Math.fround(tree[name][node]!);
    if (!Number.isFinite(value)) throw malformed(field(`${name}.${node}`), 'it is outside of float32');
    return value;
  };
  const seen = new Uint8Array(count);
  const order = [0];
  seen[0] = 1;
  for (let place = 0; place < order.length; place++) {
    const node = order[place]!;
    const at = start + place;
    const leaf = tree.left_children[node] === noChild;
    to.cover[at] = number('sum_hessian', node);
    to.gain[at] = leaf ? 0 : number('loss_changes', node);
    to.feature[at] = leaf ? leafFeature : tree.split_indices[node]!;
    to.threshold[at] = leaf ? 0 : number('split_conditions', node);
    to.leafValue[at] = leaf ? number('split_conditions', node) : 0;
    to.defaultLeft[at] = leaf ? 0 : tree.default_left[node]!;
    to.left[at] = noChild;
    to.right[at] = noChild;
    if (to.cover[at] < 0) throw malformed(field(`sum_hessian.${node}`), 'it is negative');
    if (leaf) continue;
    if (to.feature[at] < 0 || to.feature[at] >= d) {
      throw malformed(field(`split_indices.${node}`), `it is ${to.feature[at]}, there are ${d} columns`);
    }
    for (const side of ['left', 'right'] as const) {
      const child = tree[`${side}_children`][node]!;
      if (child < 0 || child >= count || seen[child] === 1) {
        throw malformed(field(`${side}_children.${node}`), `it is ${child}, not a node of its own`);
      }
      seen[child] = 1;
      to[side][at] = start + order.length;
      order.push(child);
    }
  }
  return start + order.length;
}

function malformed(field: string, why: string): QuarterdeckError {
  return new QuarterdeckError('FILE_MALFORMED', `the XGBoost model is malformed at ${field}: ${why}`, {
    culprit: { field },
  });
}

function unsupported(why: string): QuarterdeckError {
  return new QuarterdeckError('MODEL_UNSUPPORTED', `the XGBoost model cannot be served: ${why}`);
}

function tooLarge(size: string): QuarterdeckError {
  return new QuarterdeckError('INPUT_TOO_LARGE', `the XGBoost model has ${size}`);
}
