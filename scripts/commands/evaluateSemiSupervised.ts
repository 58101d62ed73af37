import { Command } from 'commander';
import {
  evaluateSemiSupervised,
  type SemiSupervisedEvaluation,
} from '../../src/anomalies/evaluate/semiSupervised';
import { createThreadPool } from '../../src/learn/threads';
import { readSettings } from '../../src/platform/settings/settings';
import { createOutput, type Output } from '../output';
import { reportFailure } from '../reportFailure';
import { wholeNumber } from '../wholeNumber';
import { repeatableOption } from './repeatableOption';

interface SemiSupervisedCommandOptions {
  readonly detector: string;
  readonly machine: readonly string[];
  readonly seed: number;
  readonly json?: boolean;
}

export function evaluateSemiSupervisedCommand(): Command {
  return new Command('semi-supervised')
    .description(
      'review at most 1 % of the first half of each labelled test series, learn, and rank the rows of the second half',
    )
    .argument('<folder>', 'holds NAME_train.csv and, with a column anomaly, NAME_test.csv; .gz too')
    .option('--detector <name>', 'the unsupervised choice to build on and to be held against', 'auto')
    .addOption(repeatableOption('--machine <name...>', 'this series only'))
    .option('--seed <number>', 'seed of everything random', wholeNumber(0, Number.MAX_SAFE_INTEGER), 42)
    .option('--json', 'print one JSON document on standard output and nothing else')
    .action(async (folder: string, options: SemiSupervisedCommandOptions) => {
      const output = createOutput({ json: options.json === true });
      try {
        await evaluate(folder, options, output);
      } catch (error) {
        process.exitCode = reportFailure(error, output, false);
      }
    });
}

async function evaluate(
  folder: string,
  options: SemiSupervisedCommandOptions,
  output: Output,
): Promise<void> {
  const settings = readSettings(process.env);
  const started = process.hrtime.bigint();
  const threads = createThreadPool(settings.QUARTERDECK_MAX_THREADS);
  const bar = output.progress('evaluate');
  let evaluation: SemiSupervisedEvaluation;
  try {
    const { seed, detector, machine } = options;
    evaluation = await evaluateSemiSupervised(
      folder,
      { seed, detector, ...(machine.length > 0 && { machines: machine }) },
      { threads, onProgress: ({ done, total, stage }) => bar.update(done, total, stage) },
    );
  } finally {
    bar.stop();
    await threads.close();
  }
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  for (const { machine, reason } of evaluation.skipped) output.say(`left out: ${machine}: ${reason}`);
  const figures = [...Object.entries(evaluation.machines), ['mean', evaluation.mean] as const];
  output.table(
    ['machine', 'champion', 'unsupervised', 'boosting, all labels', 'boosting, reviewed rows'],
    figures.map(([name, { champion, unsupervised, boostingAllLabels, boostingReviewedRows }]) => [
      name,
      champion.toFixed(3),
      unsupervised.toFixed(3),
      boostingAllLabels.toFixed(3),
      boostingReviewedRows.toFixed(3),
    ]),
  );
  output.say(
    `AUC-PR on the second halves; largest loss against the unsupervised choice ${evaluation.largestLoss.toFixed(3)}; ` +
      `${(100 * evaluation.labellingSaved).toFixed(0)} % of the low-confidence rows need no review`,
  );
  output.result({ ...evaluation, seconds });
}
