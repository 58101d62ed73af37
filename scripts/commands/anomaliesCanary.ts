import { Command, InvalidArgumentError } from 'commander';
import { abortCanary, canaryState, startCanary, type CanaryState } from '../../src/anomalies';
import { anomalyModelNameSchema, modelVersionSchema } from '../../src/contracts';
import type { ModelReference } from '../../src/registry';
import type { Output } from '../output';
import { runSession, withSessionOptions, type SessionOptions } from '../session';
import { operatorName } from './operatorName';

interface StartOptions extends SessionOptions {
  readonly candidate?: ModelReference;
  readonly emergency?: boolean;
  readonly reason: string;
}

interface AbortOptions extends SessionOptions {
  readonly reason: string;
}

export function anomaliesCanaryCommand(): Command {
  return new Command('canary')
    .description('move units to a new model step by step, and back when it fails')
    .addCommand(startCommand())
    .addCommand(statusCommand())
    .addCommand(abortCommand());
}

function startCommand(): Command {
  return withSessionOptions(
    new Command('start')
      .description('begin: 10, 30, 50, 100 percent; in an emergency 5, 20, 50, 100')
      .option('--candidate <model@version>', 'instead of the challenger', parseReference)
      .option('--emergency', 'smaller first steps and shorter bake times')
      .option('--reason <text>', 'why, for whoever looks later', 'started by command'),
  ).action((options: StartOptions) =>
    runSession(options, async ({ platform, output, signal }) => {
      const form = options.emergency ? 'emergency' : 'standard';
      const order = { by: operatorName(), reason: options.reason };
      show(output, await startCanary(platform, { candidate: options.candidate, form }, order, signal));
    }),
  );
}

function statusCommand(): Command {
  return withSessionOptions(
    new Command('status').description('where the last canary stands, and how it came there'),
  ).action((options: SessionOptions) =>
    runSession(options, async ({ platform, output, signal }) => {
      const state = await canaryState(platform, signal);
      if (state) show(output, state);
      else {
        output.say('There was no canary yet.');
        output.result({ canary: null });
      }
    }),
  );
}

function abortCommand(): Command {
  return withSessionOptions(
    new Command('abort')
      .description('take all units back to the champion at once')
      .option('--reason <text>', 'why, for whoever looks later', 'aborted by command'),
  ).action((options: AbortOptions) =>
    runSession(options, async ({ platform, output, signal }) => {
      const order = { by: operatorName(), reason: options.reason };
      show(output, await abortCanary(platform, order, signal));
    }),
  );
}

function show(output: Output, state: CanaryState): void {
  const { candidate, champion, status, shares, stage, reason, history } = state;
  output.say(
    `${candidate.model} ${candidate.version} against ${champion.model} ${champion.version}: ${status} at ${shares[stage]} %. ${reason}`,
  );
  output.table(
    ['at', 'share', 'what', 'why'],
    history.map((entry) => [entry.at, `${shares[entry.stage]} %`, entry.event, entry.detail]),
  );
  output.result({ canary: state });
}

function parseReference(text: string): ModelReference {
  const at = text.indexOf('@');
  const model = anomalyModelNameSchema.safeParse(text.slice(0, Math.max(0, at)));
  const version = modelVersionSchema.safeParse(text.slice(at + 1));
  if (model.success && version.success) return { model: model.data, version: version.data };
  throw new InvalidArgumentError('a model and version such as catboost_anomaly@2026/q4/r2 is needed');
}
