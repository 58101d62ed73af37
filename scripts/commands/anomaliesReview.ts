import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { exportReviewItems, importReviews, listReviews, reviewQueue } from '../../src/anomalies';
import { exitCodes } from '../exitCodes';
import { runSession, withSessionOptions, type SessionOptions } from '../session';
import { wholeNumber } from '../wholeNumber';
import { operatorName } from './operatorName';

interface QueueOptions extends SessionOptions {
  readonly round?: string;
  readonly limit: number;
}

interface ImportOptions extends SessionOptions {
  readonly reviewer?: string;
}

const mostItems = 10_000;
const shownItems = 20;
const shownRejections = 10;

/** Reviewing from the terminal and in a spreadsheet; the console has the same queue with keys. */
export function anomaliesReviewCommand(): Command {
  return new Command('review')
    .description('rows that people judge, so that models can learn from them')
    .addCommand(nextCommand())
    .addCommand(exportCommand())
    .addCommand(importCommand())
    .addCommand(listCommand());
}

function withQueueOptions(command: Command, limit: number): Command {
  return withSessionOptions(command)
    .option('--round <id>', 'only rows of this selection')
    .option('--limit <number>', 'most rows', wholeNumber(1, mostItems), limit);
}

function nextCommand(): Command {
  return withQueueOptions(
    new Command('next').description('the rows that wait, most useful first, each with the reason'),
    shownItems,
  ).action((options: QueueOptions) =>
    runSession(options, async ({ platform, output, signal }) => {
      const queue = await reviewQueue(platform, queryOf(options), signal);
      output.table(
        ['item', 'instance', 'at', 'score', 'why'],
        queue.items.map((item) => [
          item.itemId,
          item.instance,
          item.at.slice(0, 16),
          item.isolationScore.toFixed(3),
          `${item.reason}: ${item.explanation}`,
        ]),
      );
      output.say(`${queue.open} rows wait for a verdict.`);
      output.result(queue);
    }),
  );
}

function exportCommand(): Command {
  return withQueueOptions(
    new Command('export')
      .description(
        'write the queue as CSV; fill in the column verdict (anomaly, normal or skip) and import it',
      )
      .argument('<file>', 'where to write'),
    mostItems,
  ).action((file: string, options: QueueOptions) =>
    runSession(options, async ({ platform, output, signal }) => {
      const { csv, items } = await exportReviewItems(platform, queryOf(options), signal);
      await writeFile(file, csv);
      output.say(`${items} rows written to ${file}.`);
      output.result({ file, items });
    }),
  );
}

function importCommand(): Command {
  return withSessionOptions(
    new Command('import')
      .description('take the verdicts of a file: columns item_id and verdict, and note where there is one')
      .argument('<file>', 'CSV, NDJSON or Parquet, .gz too')
      .option('--reviewer <name>', 'who judged; your user name when not given'),
  ).action((file: string, options: ImportOptions) =>
    runSession(options, async ({ platform, output, signal }) => {
      const imported = await importReviews(platform, file, options.reviewer ?? operatorName(), signal);
      const { submitted, empty, known, rejected } = imported;
      output.say(`${submitted} verdicts taken, ${known} known already, ${empty} rows without one.`);
      for (const { row, reason } of rejected.slice(0, shownRejections)) output.say(`  row ${row}: ${reason}`);
      if (rejected.length > shownRejections) output.say(`  … ${rejected.length} rows could not be taken.`);
      output.result(imported);
      return rejected.length > 0 ? exitCodes.partial : exitCodes.done;
    }),
  );
}

function listCommand(): Command {
  return withSessionOptions(
    new Command('list')
      .description('everything that was said, in order, and how far reviewers agree')
      .option('--instance <name>', 'only rows of this instance')
      .option('--limit <number>', 'most verdicts', wholeNumber(1, mostItems), mostItems),
  ).action((options: SessionOptions & { readonly instance?: string; readonly limit: number }) =>
    runSession(options, async ({ platform, output, signal }) => {
      const list = await listReviews(platform, options, signal);
      output.table(
        ['review', 'instance', 'at', 'reviewer', 'verdict'],
        list.reviews.map((review) => [
          review.reviewId,
          review.instance,
          review.at.slice(0, 16),
          review.reviewer,
          review.verdict ?? `takes back ${review.undoes ?? ''}`,
        ]),
      );
      const { items, disagreeing, alpha } = list.agreement;
      if (alpha !== null) {
        output.say(
          `${items} rows were judged by several, ${disagreeing} differently; alpha ${alpha.toFixed(2)}.`,
        );
      }
      output.result(list);
    }),
  );
}

const queryOf = ({ round, limit }: QueueOptions): { roundId?: string; limit: number } => ({
  ...(round !== undefined && { roundId: round }),
  limit,
});
