import { Command } from 'commander';
import { evaluateClustering, readColumns, type ClusteringEvaluation } from '../../src/incidents';
import { createThreadPool } from '../../src/learn/threads';
import { readSettings } from '../../src/platform/settings/settings';
import { detectorsCommand } from './evaluateDetectors';
import { evaluateAi4iCommand } from './evaluateAi4i';
import { evaluateAlertRetrainingCommand } from './evaluateAlertRetraining';
import { evaluateHdfsCommand } from './evaluateHdfs';
import { createOutput, type Output } from '../output';
import { reportFailure } from '../reportFailure';
import { wholeNumber } from '../wholeNumber';
import { evaluateNabCommand } from './evaluateNab';
import { evaluateRecurringFaultsCommand } from './evaluateRecurringFaults';
import { evaluateRootCauseCommand } from './evaluateRootCause';
import { evaluateSemiSupervisedCommand } from './evaluateSemiSupervised';
import { evaluateStormsCommand } from './evaluateStorms';

interface ClusteringOptions {
  readonly text: string;
  readonly label: string;
  readonly corpus?: string;
  readonly seed: number;
  readonly json?: boolean;
}

export function evaluateCommand(): Command {
  return new Command('evaluate')
    .description('measure quality on data with known answers')
    .addCommand(clusteringCommand())
    .addCommand(detectorsCommand())
    .addCommand(evaluateNabCommand())
    .addCommand(evaluateHdfsCommand())
    .addCommand(evaluateAlertRetrainingCommand())
    .addCommand(evaluateAi4iCommand())
    .addCommand(evaluateSemiSupervisedCommand())
    .addCommand(evaluateRecurringFaultsCommand())
    .addCommand(evaluateRootCauseCommand())
    .addCommand(evaluateStormsCommand());
}

function clusteringCommand(): Command {
  return new Command('clustering')
    .description(
      'cluster labelled texts as production clusters tickets, with the local embedder and no label seen, and ' +
        'compare clusters with labels',
    )
    .argument('<file>', 'CSV, NDJSON or Parquet, .gz too')
    .requiredOption('--text <column>', 'column of the texts')
    .requiredOption('--label <column>', 'column of the labels')
    .option(
      '--corpus <file>',
      'more texts, in the same column, for the embedder to learn from; no label is read',
    )
    .option('--seed <number>', 'seed of everything random', wholeNumber(0, Number.MAX_SAFE_INTEGER), 42)
    .option('--json', 'print one JSON document on standard output and nothing else')
    .action(async (file: string, options: ClusteringOptions) => {
      const output = createOutput({ json: options.json === true });
      try {
        await evaluate(file, options, output);
      } catch (error) {
        process.exitCode = reportFailure(error, output, false);
      }
    });
}

async function evaluate(file: string, options: ClusteringOptions, output: Output): Promise<void> {
  const settings = readSettings(process.env);
  const started = process.hrtime.bigint();
  const rows = await readColumns(file, { text: options.text, label: options.label });
  const corpus = options.corpus ? await readColumns(options.corpus, { text: options.text }) : [];
  const threads = createThreadPool(settings.QUARTERDECK_MAX_THREADS);
  const bar = output.progress('evaluate');
  let evaluation: ClusteringEvaluation;
  try {
    evaluation = await evaluateClustering(rows, {
      seed: options.seed,
      corpus: corpus.map(({ text }) => text),
      summaryTokens: settings.PREPROCESS_SUMMARY_TOKENS,
      threads,
      onProgress: ({ done, total, stage }) => bar.update(done, total, stage),
    });
  } finally {
    bar.stop();
    await threads.close();
  }
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  const result = { ...evaluation, seed: options.seed, seconds };
  output.table(
    ['figure', 'value'],
    Object.entries(result).map(([name, value]) => [name, Number(value.toPrecision(4))]),
  );
  output.result(result);
}
