import { Command } from 'commander';
import { reviewQueue } from '../../src/anomalies';
import { listExperiments, readAliases } from '../../src/registry';
import { runSession, withSessionOptions, type SessionOptions } from '../session';
import { sayAliases } from './anomaliesPromote';

const shownVersions = 20;

export function anomaliesStatusCommand(): Command {
  return withSessionOptions(
    new Command('status').description(
      'who answers, the versions there are with their figures, and what waits for review',
    ),
  ).action((options: SessionOptions) =>
    runSession(options, async ({ platform, output, signal }) => {
      const aliases = (await readAliases(platform, signal))?.aliases ?? null;
      const versions = await listExperiments(platform, { limit: shownVersions }, signal);
      const { open } = await reviewQueue(platform, { limit: 1 }, signal);
      if (aliases) sayAliases(output, aliases);
      const figure = (value: number | null | undefined): string => value?.toFixed(3) ?? '–';
      output.table(
        ['model', 'version', 'made', 'F1', 'precision', 'recall', 'AUC-PR', 'aliases'],
        versions.map(({ model, version, createdAt, metrics, aliases: names, promoted }) => [
          model,
          version,
          createdAt.slice(0, 16),
          figure(metrics['f1']),
          figure(metrics['precision']),
          figure(metrics['recall']),
          figure(metrics['aucPr']),
          names.length > 0 ? names.join(', ') : promoted ? '' : 'refused',
        ]),
      );
      output.say(`${open} rows wait for a verdict.`);
      output.result({ aliases, versions, openReviews: open });
    }),
  );
}
