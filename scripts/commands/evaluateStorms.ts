import { Command, InvalidArgumentError } from 'commander';
import {
  evaluateStorms,
  generatedTopologies,
  readAlertRules,
  readTopologies,
  type NoiseLevelFigures,
  type StormEvaluation,
  type StormFigures,
} from '../../src/alerts/evaluate/storms';
import { readSettings } from '../../src/platform/settings/settings';
import { createOutput, type Output } from '../output';
import { reportFailure } from '../reportFailure';
import { wholeNumber } from '../wholeNumber';

interface StormsOptions {
  readonly rules?: string;
  readonly graph?: string;
  readonly seed: number;
  readonly seeds: number;
  readonly storms: number;
  readonly concurrent?: number;
  readonly json?: boolean;
}

const defaultSeeds = 5;
const defaultStorms = 60;

export function evaluateStormsCommand(): Command {
  return new Command('storms')
    .description('group generated alert storms with known roots, at several shares of noise, and compare')
    .option(
      '--rules <file>',
      'alert rules to take names and severities from, JSON; without it the demo rules',
    )
    .option(
      '--graph <folder>',
      'graphs of real systems (graph.csv, dependency.csv), besides the generated ones',
    )
    .option('--seed <number>', 'first seed', wholeNumber(0, Number.MAX_SAFE_INTEGER), 42)
    .option('--seeds <number>', 'how many seeds, from that one on', wholeNumber(1, 1000), defaultSeeds)
    .option('--storms <number>', 'storms of each seed', wholeNumber(1, 10_000), defaultStorms)
    .option('--concurrent <share>', 'share of storms that begin beside another one', share)
    .option('--json', 'print one JSON document on standard output and nothing else')
    .action((options: StormsOptions) => {
      const output = createOutput({ json: options.json === true });
      try {
        evaluate(options, output);
      } catch (error) {
        process.exitCode = reportFailure(error, output, false);
      }
    });
}

function evaluate(options: StormsOptions, output: Output): void {
  const settings = readSettings(process.env);
  const started = process.hrtime.bigint();
  const bar = output.progress('evaluate');
  let evaluation: StormEvaluation;
  try {
    evaluation = evaluateStorms(
      {
        seed: options.seed,
        seeds: options.seeds,
        storms: options.storms,
        topologies: [...(options.graph ? readTopologies(options.graph) : []), ...generatedTopologies],
        windowMinutes: settings.TIME_WINDOW_MINUTES,
        minimumMatchScore: settings.MIN_MATCH_SCORE,
        ...(options.rules === undefined ? {} : { rules: readAlertRules(options.rules) }),
        ...(options.concurrent === undefined ? {} : { concurrentShare: options.concurrent }),
      },
      { onProgress: ({ done, total, stage }) => bar.update(done, total, stage) },
    );
  } finally {
    bar.stop();
  }
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  output.table(
    ['noise', 'graph', 'alerts', 'groups', 'reduction', 'wrong merges', 'wrong splits', 'root@1', 'root@3'],
    evaluation.noiseLevels.flatMap(rowsOf),
  );
  output.result({ ...evaluation, seconds });
}

function rowsOf({ noiseShare, topologies, mean, worst }: NoiseLevelFigures): (string | number)[][] {
  const row = (name: string, figures: StormFigures): (string | number)[] => [
    noiseShare,
    name,
    Math.round(figures.alerts),
    Math.round(figures.groups),
    figures.noiseReduction.toFixed(4),
    figures.wrongMergeRate.toFixed(4),
    figures.wrongSplitRate.toFixed(4),
    figures.rootAt1.toFixed(3),
    figures.rootAt3.toFixed(3),
  ];
  return [
    ...topologies.map((topology) => row(`${topology.topology} (${topology.services})`, topology.mean)),
    row('mean of the graphs', mean),
    row('worst of all runs', worst),
  ];
}

function share(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1)) {
    throw new InvalidArgumentError('expected a share from 0 to 1');
  }
  return value;
}
