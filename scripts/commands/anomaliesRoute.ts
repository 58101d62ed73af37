import { Command, Option } from 'commander';
import { routingStatus, setRouting, SplitCounter, testRouting } from '../../src/anomalies';
import { QuarterdeckError, type RoutingStatus } from '../../src/contracts';
import type { Output } from '../output';
import { runSession, withSessionOptions, type SessionOptions } from '../session';
import { operatorName } from './operatorName';

interface SetOptions extends SessionOptions {
  readonly shadow?: 'on' | 'off';
  readonly salt?: string;
  readonly reason: string;
}

interface ShowOptions extends SessionOptions {
  readonly unit?: string;
}

export function anomaliesRouteCommand(): Command {
  return new Command('route')
    .description('how units are split between champion and challenger')
    .addCommand(setCommand())
    .addCommand(showCommand());
}

function setCommand(): Command {
  return withSessionOptions(
    new Command('set')
      .description('set the weights, in percent: champion=70 challenger=30')
      .argument('<weight...>', 'champion=PERCENT and challenger=PERCENT; both add up to 100')
      .addOption(
        new Option(
          '--shadow <on|off>',
          'the challenger also scores, silently, what the champion answers',
        ).choices(['on', 'off']),
      )
      .option('--salt <text>', 'deal the units out anew')
      .option('--reason <text>', 'why, for whoever looks later', 'set by command'),
  ).action((given: string[], options: SetOptions) =>
    runSession(options, async ({ platform, output, signal }) => {
      const weights = parseWeights(given);
      const shadow = options.shadow === undefined ? undefined : options.shadow === 'on';
      const order = { by: operatorName(), reason: options.reason };
      await setRouting(platform, { ...weights, shadow, salt: options.salt }, order, signal);
      show(output, await routingStatus(platform, new SplitCounter(), signal));
    }),
  );
}

function showCommand(): Command {
  return withSessionOptions(
    new Command('show')
      .description('weights, who answers, and how champion and challenger compare')
      .option('--unit <name>', 'say which model this user or instance meets'),
  ).action((options: ShowOptions) =>
    runSession(options, async ({ platform, output, signal }) => {
      const status = await routingStatus(platform, new SplitCounter(), signal);
      const test =
        options.unit === undefined
          ? undefined
          : await testRouting(platform, { unit: options.unit, units: 1 }, signal);
      show(output, status, test?.unit ?? undefined);
    }),
  );
}

function show(
  output: Output,
  status: RoutingStatus,
  unit?: { readonly unit: string; readonly role: string; readonly model: string; readonly version: string },
): void {
  const { effective, weights, shadow, experiment, canary } = status;
  const name = (reference: { model: string; version: string } | null | undefined): string =>
    reference ? `${reference.model} ${reference.version}` : 'none';
  const share = effective?.challengerShare ?? 0;
  output.table(
    ['', 'model', 'weight', 'share now'],
    [
      ['champion', name(effective?.champion), `${weights.champion} %`, `${(100 * (1 - share)).toFixed(1)} %`],
      ['challenger', name(effective?.challenger), `${weights.challenger} %`, `${(100 * share).toFixed(1)} %`],
    ],
  );
  if (effective?.because === 'canary') output.say(`A canary decides the shares: ${canary?.reason ?? ''}`);
  if (shadow) output.say('The challenger scores silently beside the champion.');
  if (experiment) output.say(`Champion against challenger: ${experiment.why}.`);
  if (unit) output.say(`${unit.unit} meets the ${unit.role}, ${unit.model} ${unit.version}.`);
  output.result({ ...status, ...(unit && { unit }) });
}

/** @throws INPUT_INVALID for what is no pair of weights; whether they add up is not known here */
function parseWeights(given: readonly string[]): { champion: number; challenger: number } {
  const weights = new Map<string, number>();
  for (const text of given) {
    const match = /^(champion|challenger)=(\d+(?:\.\d+)?)%?$/.exec(text);
    if (!match || weights.has(match[1]!)) {
      throw invalid(`"${text}" is not champion=PERCENT or challenger=PERCENT, each once`);
    }
    weights.set(match[1]!, Number(match[2]));
  }
  const [champion, challenger] = [weights.get('champion'), weights.get('challenger')];
  if (champion === undefined || challenger === undefined) {
    throw invalid('both champion=PERCENT and challenger=PERCENT are needed');
  }
  return { champion, challenger };
}

function invalid(message: string): QuarterdeckError {
  return new QuarterdeckError('INPUT_INVALID', message, { culprit: { option: 'weight' } });
}
