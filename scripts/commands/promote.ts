import { Command, InvalidArgumentError } from 'commander';
import { modelVersionSchema, type ModelVersion } from '../../src/contracts';
import { chosenTechCenters, promoteCandidates } from '../../src/incidents';
import { exitCodes } from '../exitCodes';
import { runSession, withSessionOptions, type SessionOptions } from '../session';
import { techCenterOption } from './techCenterOption';

interface PromoteOptions extends SessionOptions {
  readonly techCenter: string[];
  readonly version?: ModelVersion;
}

export function promoteCommand(): Command {
  return withSessionOptions(
    new Command('promote')
      .description('make the newest candidate of each tech centre its current version, through the gate')
      .addOption(techCenterOption('this tech centre only'))
      .option(
        '--version <version>',
        'this version, e.g. 2026/q4/r1; also one that was rolled back',
        parseVersion,
      ),
  ).action((options: PromoteOptions) =>
    runSession(options, async ({ platform, output, signal }) => {
      // Not passed on as names when nobody named them: a centre without the version is then no error.
      const named = options.techCenter.length > 0;
      const techCenters = await chosenTechCenters(platform, options.techCenter, signal);
      const promotions = await promoteCandidates(
        platform,
        {
          ...(named && { techCenters }),
          ...(options.version && { version: options.version }),
        },
        signal,
      );
      output.table(
        ['tech centre', 'version', 'outcome', 'why'],
        promotions.map(({ techCenter, version, state, detail }) => [
          techCenter,
          version ?? '',
          state,
          detail ?? '',
        ]),
      );
      output.result({ promotions });
      const bad = promotions.filter(({ state }) => state === 'refused' || state === 'superseded').length;
      if (bad === 0) return exitCodes.done;
      return bad === promotions.length ? exitCodes.failed : exitCodes.partial;
    }),
  );
}

export function parseVersion(text: string): ModelVersion {
  const parsed = modelVersionSchema.safeParse(text);
  if (!parsed.success) throw new InvalidArgumentError('a version such as 2026/q4/r1 or v3 is needed');
  return parsed.data;
}
