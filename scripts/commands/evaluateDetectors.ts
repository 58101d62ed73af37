import { Command } from 'commander';
import { evaluateDetectors, type DetectorEvaluation } from '../../src/anomalies/evaluate/detectors';
import { createThreadPool } from '../../src/learn/threads';
import { readSettings } from '../../src/platform/settings/settings';
import { createOutput, type Output } from '../output';
import { reportFailure } from '../reportFailure';
import { wholeNumber } from '../wholeNumber';
import { repeatableOption } from './repeatableOption';

interface DetectorsOptions {
  readonly detector: readonly string[];
  readonly seed: number;
  readonly json?: boolean;
}

export function detectorsCommand(): Command {
  return new Command('detectors')
    .description(
      'fit outlier detectors on the unlabelled part of labelled series and compare their scores of the rest with ' +
        'the labels, row by row and without point adjustment',
    )
    .argument('<folder>', 'holds NAME_train.csv and, with a column anomaly, NAME_test.csv; .gz too')
    .addOption(repeatableOption('--detector <name...>', 'a detector; auto chooses one without labels'))
    .option('--seed <number>', 'seed of everything random', wholeNumber(0, Number.MAX_SAFE_INTEGER), 42)
    .option('--json', 'print one JSON document on standard output and nothing else')
    .action(async (folder: string, options: DetectorsOptions) => {
      const output = createOutput({ json: options.json === true });
      try {
        await evaluate(folder, options, output);
      } catch (error) {
        process.exitCode = reportFailure(error, output, false);
      }
    });
}

async function evaluate(folder: string, options: DetectorsOptions, output: Output): Promise<void> {
  const settings = readSettings(process.env);
  const started = process.hrtime.bigint();
  const threads = createThreadPool(settings.QUARTERDECK_MAX_THREADS);
  const bar = output.progress('evaluate');
  let evaluation: DetectorEvaluation;
  try {
    evaluation = await evaluateDetectors(
      folder,
      { seed: options.seed, ...(options.detector.length > 0 && { detectors: options.detector }) },
      { threads, onProgress: ({ done, total, stage }) => bar.update(done, total, stage) },
    );
  } finally {
    bar.stop();
    await threads.close();
  }
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  for (const { series, detector, reason } of evaluation.skipped) {
    output.say(`left out: ${detector === undefined ? series : `${detector} on ${series}`}: ${reason}`);
  }
  output.table(
    ['detector', 'mean AUC-PR', 'mean best F1', ...evaluation.series],
    Object.entries(evaluation.detectors)
      .sort(([, a], [, b]) => b.meanAucPr - a.meanAucPr)
      .map(([name, figures]) => [
        name,
        figures.meanAucPr.toFixed(3),
        figures.meanBestF1.toFixed(3),
        ...evaluation.series.map((series) => figures.series[series]?.aucPr.toFixed(3) ?? '–'),
      ]),
  );
  output.result({ ...evaluation, seconds });
}
