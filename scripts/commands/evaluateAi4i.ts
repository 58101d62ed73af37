import { Command } from 'commander';
import {
  boostedFamilies,
  evaluateFailures,
  readMachineTable,
  type FailureEvaluation,
} from '../../src/anomalies/evaluate/failures';
import { createThreadPool } from '../../src/learn/threads';
import { readSettings } from '../../src/platform/settings/settings';
import { createOutput, type Output } from '../output';
import { reportFailure } from '../reportFailure';
import { wholeNumber } from '../wholeNumber';
import { findXgboost } from './xgboostFolds';

interface Ai4iOptions {
  readonly seed: number;
  readonly seeds: number;
  readonly json?: boolean;
}

/** Ways of cutting folds in one run when none is asked for: one alone moves the figures by two hundredths. */
const defaultSeeds = 3;

export function evaluateAi4iCommand(): Command {
  return new Command('ai4i')
    .description(
      'AUC-PR in five folds of both families of boosted trees on machine failures, beside XGBoost where there is one',
    )
    .argument('<file>', 'the CSV file of the AI4I 2020 data set')
    .option('--seed <number>', 'seed of folds and fits', wholeNumber(0, Number.MAX_SAFE_INTEGER), 42)
    .option(
      '--seeds <number>',
      'how many seeds to judge, from that one on',
      wholeNumber(1, 100),
      defaultSeeds,
    )
    .option('--json', 'print one JSON document on standard output and nothing else')
    .action(async (file: string, options: Ai4iOptions) => {
      const output = createOutput({ json: options.json === true });
      try {
        await evaluate(file, options, output);
      } catch (error) {
        process.exitCode = reportFailure(error, output, false);
      }
    });
}

async function evaluate(file: string, options: Ai4iOptions, output: Output): Promise<void> {
  const settings = readSettings(process.env);
  const started = process.hrtime.bigint();
  const table = readMachineTable(file);
  const xgboost = await findXgboost();
  const peer = 'learner' in xgboost ? { xgboost: xgboost.learner } : {};
  const threads = createThreadPool(settings.QUARTERDECK_MAX_THREADS);
  const bar = output.progress('evaluate');
  let evaluation: FailureEvaluation;
  try {
    evaluation = await evaluateFailures(
      table,
      options,
      { ...boostedFamilies, ...peer },
      {
        threads,
        onProgress: ({ done, total, stage }) => bar.update(done, total, stage),
      },
    );
  } finally {
    bar.stop();
    await threads.close();
  }
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  const { families, seeds } = evaluation;
  output.table(
    ['columns', 'family', 'mean AUC-PR', ...seeds.map((seed) => `folds of seed ${seed}`)],
    Object.entries(families).flatMap(([view, figures]) =>
      Object.entries(figures).map(([family, { aucPr, bySeed }]) => [
        view,
        family,
        aucPr.toFixed(4),
        ...bySeed.map((value) => value.toFixed(4)),
      ]),
    ),
  );
  if ('missing' in xgboost) output.say(`xgboost: ${xgboost.missing}`);
  output.result({
    xgboostStyle: families.derived['xgboostStyle']!.aucPr,
    catboostStyle: families.derived['catboostStyle']!.aucPr,
    xgboost: families.derived['xgboost']?.aucPr ?? null,
    peer: 'missing' in xgboost ? xgboost.missing : `xgboost ${xgboost.version}`,
    ...evaluation,
    seconds,
  });
}
