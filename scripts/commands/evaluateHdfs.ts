import { Command, InvalidArgumentError } from 'commander';
import {
  evaluateSessions,
  readSessions,
  type SessionEvaluation,
} from '../../src/anomalies/evaluate/sessions';
import { createOutput, type Output } from '../output';
import { reportFailure } from '../reportFailure';
import { wholeNumber } from '../wholeNumber';

interface HdfsOptions {
  readonly seed: number;
  readonly budget: number;
  readonly seeds: number;
  readonly json?: boolean;
}

/** Seeds of one run when none is asked for: enough to see whether the result hangs on luck. */
const defaultSeeds = 5;

export function evaluateHdfsCommand(): Command {
  return new Command('hdfs')
    .description(
      'learn which log sessions went wrong from a small share of reviewed sessions, and judge sessions never seen',
    )
    .argument('<folder>', 'holds sessions_train.jsonl and sessions_test.jsonl, .gz too')
    .option('--budget <share>', 'share of the training sessions whose label may be seen', share, 0.01)
    .option('--seed <number>', 'seed of everything random', wholeNumber(0, Number.MAX_SAFE_INTEGER), 42)
    .option(
      '--seeds <number>',
      'how many seeds to judge, from that one on',
      wholeNumber(1, 1000),
      defaultSeeds,
    )
    .option('--json', 'print one JSON document on standard output and nothing else')
    .action(async (folder: string, options: HdfsOptions) => {
      const output = createOutput({ json: options.json === true });
      try {
        await evaluate(folder, options, output);
      } catch (error) {
        process.exitCode = reportFailure(error, output, false);
      }
    });
}

async function evaluate(folder: string, options: HdfsOptions, output: Output): Promise<void> {
  const started = process.hrtime.bigint();
  const [train, test] = [readSessions(folder, 'train'), readSessions(folder, 'test')];
  const bar = output.progress('evaluate');
  let evaluation: SessionEvaluation;
  try {
    evaluation = await evaluateSessions(train, test, options, {
      onProgress: ({ done, total, stage }) => bar.update(done, total, stage),
    });
  } finally {
    bar.stop();
  }
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  output.table(
    ['seed', 'F1', 'precision', 'recall', 'AUC-PR', 'reviewed', 'AUC-PR without labels'],
    evaluation.seeds.map((figures) => [
      figures.seed,
      figures.f1.toFixed(3),
      figures.precision.toFixed(3),
      figures.recall.toFixed(3),
      figures.aucPr.toFixed(3),
      figures.reviewed,
      figures.unsupervisedAucPr.toFixed(3),
    ]),
  );
  output.say(
    `${evaluation.trainingSessions} training sessions of ${evaluation.groups} kinds; no verdict by the counts of ` +
      `templates can pass an F1 of ${evaluation.highestF1ByCounts.toFixed(3)} on the test sessions`,
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
