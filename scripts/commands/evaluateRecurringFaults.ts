import { Command, InvalidArgumentError } from 'commander';
import {
  evaluateRecurringFaults,
  recurringFaultsDefaults as defaults,
  type RecurringFaultsEvaluation,
} from '../../src/anomalies/evaluate/recurringFaults';
import { createThreadPool } from '../../src/learn/threads';
import { readSettings } from '../../src/platform/settings/settings';
import { createOutput, type Output } from '../output';
import { reportFailure } from '../reportFailure';
import { wholeNumber } from '../wholeNumber';

interface RecurringFaultsCommandOptions {
  readonly servers: number;
  readonly weeks: number;
  readonly review: number;
  readonly seed: number;
  readonly json?: boolean;
}

export function evaluateRecurringFaultsCommand(): Command {
  return new Command('recurring-faults')
    .description(
      'generate servers whose faults come back, review a small share of the first half, and judge alarms in the second',
    )
    .option('--servers <count>', 'servers to generate', wholeNumber(2, 200), defaults.servers)
    .option(
      '--weeks <count>',
      'weeks to generate, half of them to learn from',
      wholeNumber(1, 12),
      defaults.weeks,
    )
    .option(
      '--review <share>',
      'share of the rows to learn from that is reviewed',
      share,
      defaults.reviewShare,
    )
    .option('--seed <number>', 'seed of everything random', wholeNumber(0, Number.MAX_SAFE_INTEGER), 42)
    .option('--json', 'print one JSON document on standard output and nothing else')
    .action(async (options: RecurringFaultsCommandOptions) => {
      const output = createOutput({ json: options.json === true });
      try {
        await evaluate(options, output);
      } catch (error) {
        process.exitCode = reportFailure(error, output, false);
      }
    });
}

async function evaluate(options: RecurringFaultsCommandOptions, output: Output): Promise<void> {
  const settings = readSettings(process.env);
  const started = process.hrtime.bigint();
  const threads = createThreadPool(settings.QUARTERDECK_MAX_THREADS);
  const bar = output.progress('evaluate');
  let evaluation: RecurringFaultsEvaluation;
  try {
    const { seed, servers, weeks, review } = options;
    evaluation = await evaluateRecurringFaults(
      { seed, servers, weeks, reviewShare: review },
      { threads, onProgress: ({ done, total, stage }) => bar.update(done, total, stage) },
    );
  } finally {
    bar.stop();
    await threads.close();
  }
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  const { reviewed, supervised, random } = evaluation;
  const arms = [
    ['picked for review', reviewed] as const,
    ['every row labelled', supervised] as const,
    ...random.map((arm) => [`picked at random, ${arm.timesTheReviews} times as many`, arm] as const),
  ];
  output.table(
    ['labels', 'rows', 'precision', 'recall', 'F1', 'AUC-PR'],
    arms.map(([name, arm]) => [
      name,
      arm.reviewed,
      arm.precision.toFixed(3),
      arm.recall.toFixed(3),
      arm.f1.toFixed(3),
      arm.aucPr.toFixed(3),
    ]),
  );
  output.result({ ...evaluation, seconds });
}

function share(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0 && value <= 1)) {
    throw new InvalidArgumentError('expected a share above 0 and at most 1');
  }
  return value;
}
