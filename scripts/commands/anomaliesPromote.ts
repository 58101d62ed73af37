import { Command } from 'commander';
import {
  anomalyModelNames,
  modelVersionSchema,
  QuarterdeckError,
  type AnomalyModelName,
} from '../../src/contracts';
import { promoteChallenger, restorePreviousChampion, setAlias, type Aliases } from '../../src/registry';
import { canaryState, isUnderWay } from '../../src/anomalies';
import type { Platform } from '../../src/platform/platform';
import type { Output } from '../output';
import { runSession, withSessionOptions, type SessionOptions } from '../session';
import { operatorName } from './operatorName';

interface PromoteOptions extends SessionOptions {
  readonly model?: string;
  readonly version?: string;
  readonly back?: boolean;
  readonly reason: string;
}

/** Moves the aliases by hand; requests follow within seconds. */
export function anomaliesPromoteCommand(): Command {
  return withSessionOptions(
    new Command('promote')
      .description(
        'make the challenger the champion, or a version that is named, or go back to the one before',
      )
      .option('--model <name>', `one of ${anomalyModelNames.join(', ')}`)
      .option('--version <version>', 'of that model, such as 2026/q3/r1')
      .option('--back', 'to the champion before')
      .option('--reason <text>', 'why, for whoever looks later', 'promoted by command'),
  ).action((options: PromoteOptions) =>
    runSession(options, async ({ platform, output, signal }) => {
      await refuseDuringCanary(platform, signal);
      const order = { by: operatorName(), reason: options.reason };
      const { model, version } = options;
      const aliases =
        options.back === true
          ? await restorePreviousChampion(platform, order, signal)
          : model === undefined && version === undefined
            ? await promoteChallenger(platform, order, signal)
            : await setAlias(platform, 'champion', referenceOf(model, version), order, signal);
      sayAliases(output, aliases);
      output.result(aliases);
    }),
  );
}

/** While a canary runs it decides who answers, and would overwrite this. @throws CANARY_RUNNING */
async function refuseDuringCanary(platform: Platform, signal: AbortSignal): Promise<void> {
  const canary = await canaryState(platform, signal);
  if (!isUnderWay(canary)) return;
  throw new QuarterdeckError(
    'CANARY_RUNNING',
    'a canary is under way; end it first: quarterdeck anomalies canary abort',
    { culprit: { service: canary.id } },
  );
}

export function sayAliases(output: Output, aliases: Aliases): void {
  output.table(
    ['alias', 'model', 'version'],
    (['champion', 'challenger', 'previous'] as const).map((alias) => [
      alias,
      aliases[alias]?.model ?? '–',
      aliases[alias]?.version ?? '',
    ]),
  );
}

/** @throws INPUT_INVALID naming the option */
function referenceOf(
  model: string | undefined,
  version: string | undefined,
): { model: AnomalyModelName; version: string } {
  const known = anomalyModelNames.find((name) => name === model);
  if (known === undefined) throw invalid('model', `one of ${anomalyModelNames.join(', ')}`);
  const parsed = modelVersionSchema.safeParse(version);
  if (!parsed.success) throw invalid('version', 'a version such as 2026/q3/r1');
  return { model: known, version: parsed.data };
}

function invalid(option: string, expected: string): QuarterdeckError {
  return new QuarterdeckError('INPUT_INVALID', `--${option}: expected ${expected}`, { culprit: { option } });
}
