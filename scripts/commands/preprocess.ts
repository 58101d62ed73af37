import { Command } from 'commander';
import type { PipelineRun } from '../../src/contracts';
import { preprocessAll } from '../../src/incidents/preprocess/preprocessAll';
import { exitCodeOf } from '../exitCodes';
import { lateRemedy } from './lateRemedy';
import { runSession, withSessionOptions, type SessionOptions } from '../session';
import { techCenterOption } from './techCenterOption';

interface PreprocessOptions extends SessionOptions {
  readonly techCenter: readonly string[];
  readonly all?: boolean;
}

export function preprocessCommand(): Command {
  const command = new Command('preprocess')
    .description('clean, summarise and embed new tickets, as the hourly timer does')
    .option('--all', 'tickets of all time too, not only those since shortly before the last run')
    .addOption(techCenterOption('preprocess this tech centre only'));
  return withSessionOptions(command).action((options: PreprocessOptions) =>
    runSession(options, async ({ platform, output, signal }) => {
      const bar = output.progress('preprocess');
      let runs: PipelineRun[];
      try {
        runs = await preprocessAll(
          platform,
          {
            ...(options.techCenter.length > 0 && { techCenters: options.techCenter }),
            fromStart: options.all === true,
            onProgress: ({ done, total, stage }) => bar.update(done, total, stage),
          },
          signal,
        );
      } finally {
        bar.stop();
      }
      output.table(
        ['tech centre', 'status', 'read', 'stored', 'set aside', 'late', 'error'],
        runs.map(({ scope, status, counts, errorCode }) => [
          scope,
          status,
          counts['read'] ?? 0,
          counts['stored'] ?? 0,
          counts['quarantined'] ?? 0,
          counts['late'] ?? 0,
          errorCode ?? '',
        ]),
      );
      const late = runs.reduce((sum, { counts }) => sum + (counts['late'] ?? 0), 0);
      if (late > 0) output.say(lateRemedy(late));
      output.result({ runs });
      return exitCodeOf(runs);
    }),
  );
}
