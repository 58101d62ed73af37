import type { Random } from '../../../contracts';
import type { RunControl } from '../../../learn/run';
import { searchParameters, type Parameters, type SearchSpace } from '../../../learn/select';
import type { Platform } from '../../../platform/platform';
import { learnAnomalyModel, type LearnedModel, type LearnOptions } from '../learnAnomalyModel';
import type { LearningSet } from '../learningSet';

/** What is tried around the defaults, for either family. */
const spaces: Readonly<Record<LearnOptions['name'], SearchSpace>> = {
  xgboost_anomaly: {
    maxDepth: { kind: 'integer', low: 3, high: 8 },
    learningRate: { kind: 'float', low: 0.03, high: 0.3, scale: 'log' },
    minChildWeight: { kind: 'float', low: 0.5, high: 10, scale: 'log' },
    columnsByTree: { kind: 'float', low: 0.3, high: 1 },
  },
  catboost_anomaly: {
    depth: { kind: 'integer', low: 3, high: 8 },
    learningRate: { kind: 'float', low: 0.03, high: 0.3, scale: 'log' },
    l2LeafRegularization: { kind: 'float', low: 1, high: 10, scale: 'log' },
  },
};

/**
 * Learns with the defaults, then with other parameters as long as trials and time are left, and keeps what ranked best
 * on rows that the trees had not seen.
 */
export async function learnWithSearch(
  platform: Pick<Platform, 'clock' | 'settings'>,
  set: LearningSet,
  options: LearnOptions,
  random: Random,
  run: RunControl,
): Promise<LearnedModel> {
  const learned = new Map<Parameters, LearnedModel>();
  const found = await searchParameters(
    spaces[options.name],
    async (parameters) => {
      const model = await learnAnomalyModel(set, { ...options, parameters }, random.fork('model'), run);
      learned.set(parameters, model);
      const { heldOut } = model.report;
      return heldOut.length === 0 ? null : Math.max(...heldOut.map(({ aucPr }) => aucPr));
    },
    {
      method: 'tpe',
      trials: platform.settings.ANOMALY_SEARCH_TRIALS,
      timeBudgetMs: platform.settings.ANOMALY_SEARCH_MINUTES * 60_000,
      clock: platform.clock,
      first: [{}],
    },
    random.fork('search'),
    run,
  );
  const best = found.best?.parameters ?? found.trials[0]!.parameters;
  return learned.get(best)!;
}
