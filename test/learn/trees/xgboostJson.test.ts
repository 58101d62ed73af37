import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/contracts';
import {
  ensembleToBytes,
  fitGradientBoosting,
  fromXgboostJson,
  importance,
  predictMargins,
  toXgboostJson,
  treeContributions,
  type ImportanceKind,
} from '../../../src/learn/trees';
import { plantedRows } from './plantedRows';
import { xgboostFixture } from './xgboostFixture';

const refusal = (code: string, culprit: Record<string, unknown> = {}): unknown =>
  expect.objectContaining({ code, culprit: expect.objectContaining(culprit) });

describe.each(['depthwise', 'lossguide'] as const)('a model of XGBoost, %s', (name) => {
  const fixture = xgboostFixture(name);
  const ensemble = fromXgboostJson(fixture.model);

  test('gives the margins that XGBoost gives', () => {
    const margins = predictMargins(ensemble, fixture.rows);
    expect(largestDifference(margins, fixture.margins)).toBeLessThan(1e-6);
  });

  test('gives the contributions that XGBoost gives', async () => {
    const { values } = await treeContributions(ensemble, fixture.rows);
    expect(largestDifference(values, fixture.contributions)).toBeLessThan(1e-5);
  });

  test.each(['weight', 'gain', 'totalGain', 'cover', 'totalCover'] as const)(
    'gives the importance by %s that XGBoost gives',
    (kind: ImportanceKind) => {
      const theirs = fixture.importance[kind.replace(/[A-Z]/, (letter) => `_${letter.toLowerCase()}`)]!;
      importance(ensemble, kind).forEach((value, column) => {
        const expected = theirs[`f${column}`] ?? 0;
        expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-5 * expected);
      });
    },
  );

  test('is the same after it was written and read again', () => {
    const again = fromXgboostJson(toXgboostJson(ensemble));
    const margins = predictMargins(again, fixture.rows);
    expect(largestDifference(margins, fixture.margins)).toBeLessThan(2e-6);
    const same = { ...again, baseMargin: ensemble.baseMargin };
    expect(Buffer.from(ensembleToBytes(same)).equals(Buffer.from(ensembleToBytes(ensemble)))).toBe(true);
  });

  test('may come as bytes and with a base score in brackets, as XGBoost 3 writes it', () => {
    const text = fixture.model.replace(/"base_score":"([^"]+)"/, '"base_score":"[$1]"');
    expect(text).not.toBe(fixture.model);
    expect(fromXgboostJson(new TextEncoder().encode(text))).toEqual(ensemble);
  });
});

describe('the model JSON', () => {
  test('keeps names, real numbers as such, and a base margin too far out for a probability', async () => {
    const { data, labels } = plantedRows(200, 4, 1);
    const { ensemble } = await fitGradientBoosting(data, labels, { rounds: 3 }, seededRandom(1));
    const text = toXgboostJson({ ...ensemble, baseMargin: 30 }, ['a', 'b', 'c', '"trees":[]']);
    // XGBoost tells 0 and 0E0 apart and refuses the first where it expects the second.
    expect(text).toMatch(/"loss_changes":\[[^\]]*,0E0/);
    const again = fromXgboostJson(text);
    expect(again.featureNames).toEqual(['a', 'b', 'c', '"trees":[]']);
    const margins = predictMargins(again, data);
    expect(largestDifference(margins, predictMargins({ ...ensemble, baseMargin: 30 }, data))).toBeLessThan(
      1e-5,
    );
  });

  test('another number of names than columns is refused', async () => {
    const { data, labels } = plantedRows(200, 4, 1);
    const fitted = await fitGradientBoosting(data, labels, { rounds: 1 }, seededRandom(1));
    expect(() => toXgboostJson(fitted, ['a'])).toThrow(refusal('DATA_WIDTH_MISMATCH'));
  });

  test('a model that was stopped early ends with its best round', () => {
    const { model } = xgboostFixture('depthwise');
    const stopped = model.replace(/"best_iteration":"\d+"/, '"best_iteration":"4"');
    expect(fromXgboostJson(stopped).treeOffsets).toHaveLength(6);
  });
});

interface ModelJson {
  learner: {
    feature_names: string[];
    gradient_booster: { name: string; model: { trees: Record<string, unknown>[] } };
    learner_model_param: Record<string, string>;
    objective: { name: string };
  };
}

describe('a hostile or foreign file', () => {
  const changed = (change: (json: ModelJson, tree: Record<string, number[]>) => void): string => {
    const json = JSON.parse(xgboostFixture('depthwise').model) as ModelJson;
    change(json, json.learner.gradient_booster.model.trees[1] as Record<string, number[]>);
    return JSON.stringify(json);
  };
  const trees = 'learner.gradient_booster.model.trees.1';

  test.each<[string, (json: ModelJson) => void]>([
    ['a linear booster', (json) => (json.learner.gradient_booster = { name: 'gblinear' } as never)],
    ['dropouts', (json) => (json.learner.gradient_booster = { name: 'dart', gbtree: {} } as never)],
    ['several classes', (json) => (json.learner.learner_model_param['num_class'] = '3')],
    ['several targets', (json) => (json.learner.learner_model_param['num_target'] = '2')],
    ['another objective', (json) => (json.learner.objective.name = 'reg:squarederror')],
    [
      'splits by category',
      (json) => ((json.learner.gradient_booster.model.trees[1]!['split_type'] as number[])[0] = 1),
    ],
  ])('with %s is refused with the reason', (_, change) => {
    expect(() => fromXgboostJson(changed(change))).toThrow(refusal('MODEL_UNSUPPORTED'));
  });

  test.each<[string, string, (tree: Record<string, number[]>) => void]>([
    ['a cycle', `${trees}.left_children.0`, (tree) => (tree['left_children']![0] = 0)],
    [
      'a node with two parents',
      `${trees}.right_children.0`,
      (tree) => (tree['right_children']![0] = tree['left_children']![0]!),
    ],
    [
      'a child that is not there',
      `${trees}.left_children.0`,
      (tree) => (tree['left_children']![0] = 1_000_000),
    ],
    ['a negative child', `${trees}.right_children.0`, (tree) => (tree['right_children']![0] = -7)],
    ['a column that is not there', `${trees}.split_indices.0`, (tree) => (tree['split_indices']![0] = 8)],
    [
      'a number beyond float32',
      `${trees}.split_conditions.0`,
      (tree) => (tree['split_conditions']![0] = 1e300),
    ],
    ['negative cover', `${trees}.sum_hessian.0`, (tree) => (tree['sum_hessian']![0] = -1)],
    ['arrays of different lengths', `${trees}.default_left`, (tree) => tree['default_left']!.pop()],
    [
      'another number of nodes than it says',
      `${trees}.tree_param.num_nodes`,
      (tree) => tree['left_children']!.push(-1),
    ],
    ['words for numbers', `${trees}.sum_hessian.0`, (tree) => (tree['sum_hessian']![0] = 'x' as never)],
  ])('with %s is refused, the field named', (_, field, change) => {
    expect(() => fromXgboostJson(changed((__, tree) => change(tree)))).toThrow(
      refusal('FILE_MALFORMED', { field }),
    );
  });

  test.each(['0', '1', '-2', 'NaN', '[]', '1e999'])('with the base score %s is refused', (score) => {
    const text = changed((json) => (json.learner.learner_model_param['base_score'] = score));
    expect(() => fromXgboostJson(text)).toThrow(
      refusal('FILE_MALFORMED', { field: 'learner.learner_model_param.base_score' }),
    );
  });

  test('that is cut short, no JSON, or no text is refused', () => {
    const { model } = xgboostFixture('depthwise');
    expect(() => fromXgboostJson(model.slice(0, 5000))).toThrow(refusal('FILE_MALFORMED'));
    expect(() => fromXgboostJson('[]')).toThrow(refusal('FILE_MALFORMED'));
    expect(() => fromXgboostJson(Uint8Array.of(0xff, 0xfe, 0x7b))).toThrow(refusal('FILE_MALFORMED'));
  });

  test('with a billion columns or names for other columns is refused', () => {
    const wide = changed((json) => (json.learner.learner_model_param['num_feature'] = '1000000000'));
    expect(() => fromXgboostJson(wide)).toThrow(refusal('INPUT_TOO_LARGE'));
    const named = changed((json) => (json.learner.feature_names = ['a', 'b']));
    expect(() => fromXgboostJson(named)).toThrow(
      refusal('FILE_MALFORMED', { field: 'learner.feature_names' }),
    );
  });
});

function largestDifference(a: Float32Array, b: Float32Array): number {
  expect(a).toHaveLength(b.length);
  return a.reduce((largest, value, index) => Math.max(largest, Math.abs(value - b[index]!)), 0);
}
