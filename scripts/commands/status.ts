import { Command } from 'commander';
import type { PipelineStatus } from '../../src/contracts';
import { pipelineStatus } from '../../src/incidents';
import { exitCodes } from '../exitCodes';
import { runSession, withSessionOptions, type SessionOptions } from '../session';

export function statusCommand(): Command {
  return withSessionOptions(
    new Command('status').description('tell what ran, what failed, which versions serve and what is due'),
  ).action((options: SessionOptions) =>
    runSession(options, async ({ platform, output, signal }) => {
      const status = await pipelineStatus(platform, signal);
      output.table(
        ['pipeline', 'last run', 'status', 'failing'],
        status.pipelines.map(({ pipeline, lastRun, failingScopes }) => [
          pipeline,
          lastRun?.finishedAt.slice(0, 19) ?? 'never',
          lastRun?.status ?? '',
          failingScopes.join(', '),
        ]),
      );
      output.table(
        [
          'tech centre',
          'state',
          'version',
          'clusters',
          'incidents',
          'preprocessed',
          'late',
          'predicted',
          'note',
        ],
        status.centers.map((center) => [
          center.techCenter,
          center.state,
          center.modelVersion ?? '',
          center.clusters ?? '',
          center.incidents,
          center.preprocessed,
          center.lastRuns.preprocess?.counts['late'] ?? '',
          center.predicted,
          noteOn(center),
        ]),
      );
      const waiting = status.queues.map(
        ({ queue, waiting: count, poison }) => `${queue} ${count} (${poison} poison)`,
      );
      output.say(`queues: ${waiting.join(', ')}; quarantined rows: ${status.quarantined}`);
      output.say(`next training due: ${status.nextTrainingDue?.slice(0, 10) ?? 'nothing is trained yet'}`);
      output.result(status);
      const sound = status.centers.every(({ state }) => state !== 'failing' && state !== 'fallback');
      return sound ? exitCodes.done : exitCodes.partial;
    }),
  );
}

/** What an operator must know of a centre beyond its state. */
function noteOn({ fallback, lastRuns }: PipelineStatus['centers'][number]): string {
  if (fallback) return `${fallback.wanted} cannot be used: ${fallback.reason}`;
  return Object.values(lastRuns)
    .flatMap((run) => (run?.status === 'failed' || run?.status === 'partial' ? [run] : []))
    .map(({ pipeline, errorCode, detail }) => `${pipeline}: ${detail ?? errorCode ?? 'did not end well'}`)
    .join('; ');
}
