import { Command } from 'commander';
import type { PipelineRun } from '../../src/contracts';
import { chosenTechCenters, predictCenter } from '../../src/incidents';
import { exitCodeOf } from '../exitCodes';
import { runSession, withSessionOptions, type SessionOptions } from '../session';
import { techCenterOption } from './techCenterOption';

export function predictCommand(): Command {
  return withSessionOptions(
    new Command('predict')
      .description(
        'predict the preprocessed tickets that the current version of each tech centre has not seen',
      )
      .addOption(techCenterOption('predict this tech centre only')),
  ).action((options: SessionOptions & { techCenter: string[] }) =>
    runSession(options, async ({ platform, output, signal }) => {
      const centers = await chosenTechCenters(platform, options.techCenter, signal);
      const bar = output.progress('predicting');
      const runs: PipelineRun[] = [];
      for (const techCenter of centers) {
        bar.update(runs.length, centers.length, techCenter);
        runs.push(await predictCenter(platform, { techCenter }, signal));
      }
      bar.stop();
      output.table(
        ['tech centre', 'status', 'rows', 'noise', 'why'],
        runs.map(({ scope, status, counts, detail }) => [
          scope,
          status,
          counts['rows'] ?? 0,
          counts['noise'] ?? 0,
          detail ?? '',
        ]),
      );
      output.result({ runs });
      return exitCodeOf(runs);
    }),
  );
}
