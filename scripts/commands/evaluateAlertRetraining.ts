import { Command } from 'commander';
import { evaluateRetraining } from '../../src/alerts/evaluate/retraining/evaluateRetraining';
import { createOutput, type Output } from '../output';
import { reportFailure } from '../reportFailure';
import { wholeNumber } from '../wholeNumber';

interface RetrainingOptions {
  readonly trials: number;
  readonly alerts: number;
  readonly seed: number;
  readonly json?: boolean;
}

const mostTrials = 10_000;
const fewestAlerts = 100;
const mostAlerts = 20_000;

export function evaluateAlertRetrainingCommand(): Command {
  return new Command('alert-retraining')
    .description(
      'how often weekly retraining promotes a model of alerts: on more of the same alerts, where it should not, and ' +
        'after new kinds of alerts have come, where it should',
    )
    .option(
      '--trials <number>',
      'retrainings on more of the same; a fifth as many on new kinds',
      wholeNumber(1, mostTrials),
      200,
    )
    .option('--alerts <number>', 'alerts of each history', wholeNumber(fewestAlerts, mostAlerts), 1_000)
    .option('--seed <number>', 'seed of everything random', wholeNumber(0, Number.MAX_SAFE_INTEGER), 42)
    .option('--json', 'print one JSON document on standard output and nothing else')
    .action(async (options: RetrainingOptions) => {
      const output = createOutput({ json: options.json === true });
      try {
        await evaluate(options, output);
      } catch (error) {
        process.exitCode = reportFailure(error, output, false);
      }
    });
}

async function evaluate({ trials, alerts, seed }: RetrainingOptions, output: Output): Promise<void> {
  const started = process.hrtime.bigint();
  const bar = output.progress('evaluate');
  const evaluation = await evaluateRetraining(
    { trials, alerts, seed },
    { onProgress: ({ stage, done, total }) => bar.update(done, total, stage) },
  );
  bar.stop();
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  const { same, changed } = evaluation;
  output.table(
    ['history', 'retrainings', 'promoted', 'share', 'at most (95 %)', 'improvement: median', 'largest'],
    (
      [
        ['more of the same', same],
        ['half of the alert names are new', changed],
      ] as const
    ).map(([name, { trials: n, promoted, share, shareAtMost, relativeImprovements }]) => [
      name,
      n,
      promoted,
      share.toFixed(3),
      shareAtMost.toFixed(3),
      relativeImprovements[5]?.toFixed(3) ?? '–',
      relativeImprovements[10]?.toFixed(3) ?? '–',
    ]),
  );
  output.result({ ...evaluation, seconds });
}
