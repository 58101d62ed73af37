import { Command, InvalidArgumentError } from 'commander';
import { importFile, trainAnomalyModels, type AnomalyTraining } from '../../src/anomalies';
import { toTimestamp } from '../../src/contracts';
import { exitCodes, type ExitCode } from '../exitCodes';
import type { Output } from '../output';
import { repeatableOption } from './repeatableOption';
import { runSession, withSessionOptions, type Session, type SessionOptions } from '../session';

interface TrainOptions extends SessionOptions {
  readonly window: number;
  readonly to?: string;
  readonly fast?: boolean;
  readonly data: readonly string[];
}

const longestWindowDays = 366;

export function anomaliesTrainCommand(): Command {
  const command = new Command('train')
    .description(
      'learn from stored metrics and the verdicts given so far, publish and promote what passes, and pick rows to review',
    )
    .option('--window <length>', 'how much of the past to learn from: 7d, 36h, 2w', windowDays, 7)
    .option('--to <time>', 'end of the window; now when not given')
    .option('--fast', 'no search for better parameters, fewer folds and rounds')
    .addOption(repeatableOption('--data <file>', 'metrics to import first: CSV, NDJSON or Parquet, .gz too'));
  return withSessionOptions(command).action((options: TrainOptions) =>
    runSession(options, (session) => train(session, options)),
  );
}

async function train(session: Session, options: TrainOptions): Promise<ExitCode> {
  const { platform, output, signal } = session;
  for (const file of options.data) {
    output.say(`Importing ${file} …`);
    await importFile(platform, 'metrics', file, {}, { signal });
  }
  const bar = output.progress('train');
  const training = await trainAnomalyModels(
    platform,
    {
      windowDays: options.window,
      fast: options.fast === true,
      ...(options.to !== undefined && { to: toTimestamp(options.to) }),
    },
    { signal, onProgress: ({ stage, done, total }) => bar.update(done, total, stage) },
  );
  bar.stop();
  sayTraining(output, training);
  output.result(training);
  return training.models.some(({ promotion }) => promotion === 'refused')
    ? exitCodes.partial
    : exitCodes.done;
}

export function sayTraining(output: Output, training: AnomalyTraining): void {
  const { rows, instances, quality, verdicts, models, aliases, reviews } = training;
  output.say(
    `${rows} minutes of ${instances} instances, quality ${quality.toFixed(2)}; ` +
      `${verdicts.anomaly} rows judged anomalous, ${verdicts.normal} normal.`,
  );
  const figure = (value: number | undefined): string => (value === undefined ? '–' : value.toFixed(3));
  output.table(
    ['model', 'version', 'F1', 'precision', 'recall', 'AUC-PR', 'judged by', 'outcome'],
    models.map(({ model, version, figures, promotion, reason }) => [
      model,
      version,
      figure(figures?.f1),
      figure(figures?.precision),
      figure(figures?.recall),
      figure(figures?.aucPr),
      figures
        ? `${figures.reviewedRows} reviewed (${figures.reviewedAnomalies} anomalies) of ${figures.rows}`
        : '–',
      promotion === 'promoted' ? promotion : `refused: ${reason}`,
    ]),
  );
  const name = aliases?.champion ? `${aliases.champion.model} ${aliases.champion.version}` : 'nobody';
  output.say(`Champion: ${name}.`);
  if (reviews.picked > 0) {
    output.say(
      `${reviews.picked} rows wait for a verdict: quarterdeck anomalies review next, or the console's #/reviews.`,
    );
  }
}

function windowDays(text: string): number {
  const match = /^(\d{1,5})(h|d|w)$/.exec(text);
  const days = match ? Number(match[1]) * { h: 1 / 24, d: 1, w: 7 }[match[2] as 'h' | 'd' | 'w'] : Number.NaN;
  if (!(days > 0 && days <= longestWindowDays)) {
    throw new InvalidArgumentError('a length such as 7d, 36h or 2w, up to a year');
  }
  return days;
}
