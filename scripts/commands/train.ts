import { Command, InvalidArgumentError } from 'commander';
import {
  previousQuarter,
  quarterName,
  QuarterdeckError,
  quarterOf,
  quarterSchema,
  toTimestamp,
  type Quarter,
} from '../../src/contracts';
import { chosenTechCenters, enqueueTrain, trainQuarter, type CenterReport } from '../../src/incidents';
import { exitCodeOf, exitCodes } from '../exitCodes';
import { runSession, withSessionOptions, type SessionOptions } from '../session';
import { wholeNumber } from '../wholeNumber';
import { techCenterOption } from './techCenterOption';

interface TrainOptions extends SessionOptions, Partial<Quarter> {
  readonly techCenter: string[];
  readonly maxWorkers?: number;
  readonly promote: boolean;
  readonly enqueue?: boolean;
}

export function trainCommand(): Command {
  return withSessionOptions(
    new Command('train')
      .description("train a quarter's clusters for every tech centre; machines running it at once share them")
      .option(
        '--year <year>',
        'calendar year, e.g. 2026 (default: of the quarter that ended last)',
        parseYear,
      )
      .option('--quarter <quarter>', 'q1, q2, q3 or q4 (default: the one that ended last)', parseQuarterName)
      .addOption(techCenterOption('train this tech centre only'))
      .option(
        '--max-workers <count>',
        'tech centres trained at once (default: TRAIN_MAX_WORKERS)',
        wholeNumber(1, 64),
      )
      .option('--no-promote', 'publish the versions and leave them candidates')
      .option('--enqueue', 'send the work to the queue of the Functions app and end'),
  ).action((options: TrainOptions) =>
    runSession(options, async ({ platform, output, signal }) => {
      const quarter = chosenQuarter(options, platform.clock.now());
      const techCenters = await chosenTechCenters(platform, options.techCenter, signal);
      if (options.enqueue) {
        const request = { ...quarter, promote: options.promote, techCenters };
        const enqueued = await enqueueTrain(platform, request, signal);
        output.say(
          `${enqueued.length} tech centres will be trained on ${quarterName(quarter)} by the Functions app`,
        );
        output.result({ ...quarter, enqueued });
        return exitCodes.done;
      }
      output.say(`training ${quarterName(quarter)}`);
      const bar = output.progress('training');
      const done = new Set<string>();
      const report = await trainQuarter(
        platform,
        {
          ...quarter,
          techCenters,
          maxWorkers: options.maxWorkers ?? platform.settings.TRAIN_MAX_WORKERS,
          promote: options.promote,
        },
        {
          signal,
          onProgress: (techCenter, progress) =>
            bar.update(progress.done, Math.max(1, progress.total), `${techCenter}: ${progress.stage}`),
          onCenter: (center, total) => {
            done.add(center.techCenter);
            if (center.status !== 'elsewhere') output.say(`${done.size}/${total} ${summary(center)}`);
          },
        },
      );
      bar.stop();
      output.table(
        ['tech centre', 'status', 'version', 'promotion', 'rows', 'clusters', 'noise', 'why'],
        report.centers.map((center) => [
          center.techCenter,
          center.status,
          center.version ?? '',
          center.promotion ?? '',
          center.rows,
          center.metrics['clusters'] ?? '',
          percent(center.metrics['noiseShare']),
          center.status === 'ok' ? '' : (center.detail ?? ''),
        ]),
      );
      output.result(report);
      return exitCodeOf(report.centers);
    }),
  );
}

/**
 * The named quarter; without a name the one that ended last (UTC), which is what a machine trains in the night after
 * it.
 * @throws INPUT_INVALID for half a name
 */
export function chosenQuarter({ year, quarter }: Partial<Quarter>, nowMs: number): Quarter {
  if (year === undefined && quarter === undefined) return previousQuarter(quarterOf(toTimestamp(nowMs)));
  if (year !== undefined && quarter !== undefined) return { year, quarter };
  throw new QuarterdeckError('INPUT_INVALID', 'one of --year and --quarter says nothing without the other', {
    culprit: { option: year === undefined ? '--year' : '--quarter' },
  });
}

const summary = ({ techCenter, status, version, detail }: CenterReport): string =>
  `${techCenter}: ${status}${status === 'ok' ? ` ${version}` : ` (${detail})`}`;

const percent = (share: number | null | undefined): string =>
  typeof share === 'number' ? `${(100 * share).toFixed(1)} %` : '';

function parseYear(text: string): number {
  const parsed = quarterSchema.shape.year.safeParse(Number(text));
  if (!parsed.success) throw new InvalidArgumentError('a calendar year such as 2026 is needed');
  return parsed.data;
}

function parseQuarterName(text: string): Quarter['quarter'] {
  const parsed = quarterSchema.shape.quarter.safeParse(text.toLowerCase());
  if (!parsed.success) throw new InvalidArgumentError('q1, q2, q3 or q4 is needed');
  return parsed.data;
}
