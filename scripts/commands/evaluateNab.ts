import { Command } from 'commander';
import { readNabProfiles, readNabSeries } from '../../src/anomalies/evaluate/nab/corpus';
import { evaluateNab, type NabEvaluation } from '../../src/anomalies/evaluate/nab/evaluateNab';
import { createOutput, type Output } from '../output';
import { reportFailure } from '../reportFailure';

export function evaluateNabCommand(): Command {
  return new Command('nab')
    .description(
      "detect anomalies online in the Numenta benchmark's series, one setting for all, and score by its own rules",
    )
    .argument('<folder>', 'combined_windows.json, profiles.json and the series, .csv or .csv.gz')
    .option('--json', 'print one JSON document on standard output and nothing else')
    .action(async (folder: string, options: { readonly json?: boolean }) => {
      const output = createOutput({ json: options.json === true });
      try {
        await evaluate(folder, output);
      } catch (error) {
        process.exitCode = reportFailure(error, output, false);
      }
    });
}

async function evaluate(folder: string, output: Output): Promise<void> {
  const series = readNabSeries(folder);
  const profiles = [...readNabProfiles(folder)].sort(standardFirst);
  const bar = output.progress('evaluate');
  let evaluation: NabEvaluation;
  try {
    evaluation = await evaluateNab(series, profiles, () => performance.now(), undefined, {
      onProgress: ({ done, total, stage }) => bar.update(done, total, stage),
    });
  } finally {
    bar.stop();
  }
  const { scores, heldOutScore, points, pointsPerSecond } = evaluation;
  const [standard] = scores;
  output.table(
    ['series', 'score', 'windows found', 'windows', 'true', 'false alarms'],
    standard!.files.map((file) => [
      file.path,
      file.score.toFixed(2),
      file.windowsFound,
      file.windows,
      file.truePositives,
      file.falsePositives,
    ]),
  );
  output.table(
    ['figure', 'value'],
    [
      ...scores.map(({ profile, normalizedScore }) => [profile, normalizedScore.toFixed(2)]),
      ['standard, level chosen on the other half of the files', heldOutScore.toFixed(2)],
      ['points a second', Math.round(pointsPerSecond)],
    ],
  );
  output.result({
    ...Object.fromEntries(scores.map(({ profile, normalizedScore }) => [profile, normalizedScore])),
    standardHeldOut: heldOutScore,
    thresholds: Object.fromEntries(scores.map(({ profile, threshold }) => [profile, threshold])),
    points,
    pointsPerSecond,
    files: standard!.files,
  });
}

function standardFirst(left: { readonly name: string }, right: { readonly name: string }): number {
  return Number(right.name === 'standard') - Number(left.name === 'standard');
}
