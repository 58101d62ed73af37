import type { AnomalyModelParts, UnsupervisedStack } from '../model';

/**
 * The isolation forest as a model of its own: the probability is its −1…1 scale moved to 1…0, so that one half is the
 * forest's threshold, 0 the most ordinary and 1 the strangest of the rows it was fitted on.
 */
export function isolationForestParts(stack: UnsupervisedStack, featureSetId: string): AnomalyModelParts {
  const { forest, names } = stack;
  const { centre, spread } = stack.scaleOf('isolation_forest_score');
  const inUnits = (score: number): number => (score - centre) / spread;
  return {
    name: 'isolation_forest',
    features: stack.features,
    featureSetId,
    stack,
    blend: {
      scoreWeights: names.map((name) => (name === 'isolation_forest_score' ? 1 : 0)),
      slope: 1,
      intercept: 0,
      treesWeight: 0,
    },
    trees: undefined,
    calibration: {
      kind: 'isotonic',
      x: [forest.least, forest.threshold, forest.most].map(inUnits),
      y: [0, 0.5, 1],
    },
    threshold: 0.5,
  };
}
