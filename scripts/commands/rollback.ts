import { Command } from 'commander';
import type { ModelVersion } from '../../src/contracts';
import { chosenTechCenters } from '../../src/incidents';
import { rollback, techCenterScope } from '../../src/registry';
import { runSession, withSessionOptions, type SessionOptions } from '../session';
import { parseVersion } from './promote';

interface RollbackOptions extends SessionOptions {
  readonly techCenter: string;
  readonly to?: ModelVersion;
  readonly reason: string;
}

export function rollbackCommand(): Command {
  return withSessionOptions(
    new Command('rollback')
      .description(
        "go back to the version before a tech centre's current one; what is left is not chosen again",
      )
      .requiredOption('--tech-center <name>', 'the tech centre')
      .option('--to <version>', 'this version instead, e.g. 2026/q3/r1', parseVersion)
      .option('--reason <text>', 'why, for whoever looks at the pointer', 'asked for on the command line'),
  ).action((options: RollbackOptions) =>
    runSession(options, async ({ platform, output, signal }) => {
      await chosenTechCenters(platform, [options.techCenter], signal);
      const pointer = await rollback(
        platform,
        techCenterScope(options.techCenter),
        { by: 'quarterdeck rollback', reason: options.reason, ...(options.to && { to: options.to }) },
        signal,
      );
      output.say(`${options.techCenter}: ${pointer.version} is current`);
      output.result({ techCenter: options.techCenter, pointer });
    }),
  );
}
