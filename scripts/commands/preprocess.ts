import { Command } from 'commander';
import type { PipelineRun } from '../../src/contracts';
import { preprocessAll } from '../../src/incidents/preprocess/preprocessAll';
import { exitCodes, type ExitCode } from '../exitCodes';
import { runSession, withSessionOptions, type SessionOptions } from '../session';

interface PreprocessOptions extends SessionOptions {
  readonly techCenter: readonly string[];
}

export function preprocessCommand(): Command {
  const command = new Command('preprocess')
    .description('clean, summarise and embed new tickets, as the hourly timer does')
    .option('--tech-center <name>', 'this tech centre alone; may be given again', collect, []);
  return withSessionOptions(command).action((options: PreprocessOptions) =>
    runSession(options, async ({ platform, output, signal }) => {
      const bar = output.progress('preprocess');
      let runs: PipelineRun[];
      try {
        runs = await preprocessAll(
          platform,
          {
            ...(options.techCenter.length > 0 && { techCenters: options.techCenter }),
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
      output.result({ runs });
      return exitCodeOf(runs);
    }),
  );
}

function exitCodeOf(runs: readonly PipelineRun[]): ExitCode {
  const bad = runs.filter(({ status }) => status === 'failed' || status === 'partial');
  if (bad.length === 0) return exitCodes.done;
  return bad.length === runs.length && bad.every(({ status }) => status === 'failed')
    ? exitCodes.failed
    : exitCodes.partial;
}

function collect(value: string, previous: string[]): string[] {
  return [...previous, value];
}
