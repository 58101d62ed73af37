import { Command } from 'commander';
import {
  promoteAlertModel,
  rollbackAlertModel,
  trainAlertClusters,
  type AlertTrainingReport,
} from '../../src/alerts';
import { isQuarterdeckError, QuarterdeckError, toTimestamp, type ModelVersion } from '../../src/contracts';
import { exitCodes, type ExitCode } from '../exitCodes';
import type { Output } from '../output';
import { runSession, withSessionOptions, type Session, type SessionOptions } from '../session';
import { forModels, withModelsOption, withModelsOf, type ModelsOptions } from './alertModelsOption';
import { operatorName } from './operatorName';
import { parseVersion } from './promote';

/** `alerts train`, `alerts promote` and `alerts rollback`: the model of the kinds of alerts, by hand. */
export function alertModelCommands(): Command[] {
  return [trainCommand(), promoteCommand(), rollbackCommand()];
}

interface TrainOptions extends SessionOptions, ModelsOptions {
  readonly to?: string;
}

function trainCommand(): Command {
  const command = new Command('train')
    .description(
      'learn the kinds of alerts from all alerts grouped so far, publish the next version, and promote it when it ' +
        'is better than the current one (the weekly timer does the same)',
    )
    .option('--to <time>', 'alerts that started before; all when not given');
  return withSessionOptions(withModelsOption(command)).action((options: TrainOptions) =>
    runSession(forModels(options), (session) => train(withModelsOf(session, options), options)),
  );
}

async function train({ platform, output, signal }: Session, { to, models }: TrainOptions): Promise<ExitCode> {
  const bar = output.progress('train');
  const report = await trainAlertClusters(platform, to === undefined ? {} : { to: toTimestamp(to) }, {
    signal,
    onProgress: ({ stage, done, total }) => bar.update(done, total, stage),
  });
  bar.stop();
  sayAlertTraining(output, report);
  if (report.alerts === 0 && models === undefined) {
    output.say(`${inAFolder}: --models data/models`);
  }
  output.result(report);
  return report.status === 'failed' ? exitCodes.failed : exitCodes.done;
}

/** One line for people, and the checks of the gate. */
export function sayAlertTraining(output: Output, report: AlertTrainingReport): void {
  const { status, version, alerts, metrics, detail, checks } = report;
  const { clusters, silhouette } = metrics;
  const figures =
    typeof clusters === 'number' && typeof silhouette === 'number'
      ? `, ${clusters} ${clusters === 1 ? 'kind' : 'kinds'}, silhouette ${silhouette.toFixed(3)}`
      : '';
  const outcome =
    version === null ? status : `${version} is ${status === 'promoted' ? 'current' : 'a candidate'}`;
  output.say(
    `${alerts} ${alerts === 1 ? 'alert' : 'alerts'}${figures}: ${outcome}${detail === null ? '' : ` (${detail})`}`,
  );
  if (checks.length > 0) {
    output.table(
      ['check', 'passed', 'why'],
      checks.map(({ name, passed, reason }) => [name, passed ? 'yes' : 'no', reason]),
    );
  }
}

const inAFolder = 'What `quarterdeck alerts` keeps is in a folder';

/** Whoever forgets the folder looks into this installation's storage, which may never have had a model. */
async function inKnownFolder<T>({ models }: ModelsOptions, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (models !== undefined || !isQuarterdeckError(error, 'MODEL_MISSING')) throw error;
    const message = `${error.message}. ${inAFolder}: --models data/models`;
    throw new QuarterdeckError('MODEL_MISSING', message, { culprit: error.culprit, cause: error });
  }
}

interface PromoteOptions extends SessionOptions, ModelsOptions {
  readonly version?: ModelVersion;
  readonly reason: string;
}

function promoteCommand(): Command {
  const command = new Command('promote')
    .description('make the newest candidate of the model of alerts current, through the gate of its training')
    .option('--version <version>', 'this version, e.g. v3; also one that was rolled back', parseVersion)
    .option('--reason <text>', 'why, for whoever looks at the pointer', 'asked for on the command line');
  return withSessionOptions(withModelsOption(command)).action((options: PromoteOptions) =>
    runSession(forModels(options), async (session) => {
      const { platform, output, signal } = withModelsOf(session, options);
      const { version, reason } = options;
      const order = { by: operatorName(), reason, ...(version && { version }) };
      const pointer = await inKnownFolder(options, promoteAlertModel(platform, order, signal));
      output.say(`${pointer.version} is current`);
      output.result({ pointer });
    }),
  );
}

interface RollbackOptions extends SessionOptions, ModelsOptions {
  readonly to?: ModelVersion;
  readonly reason: string;
}

function rollbackCommand(): Command {
  const command = new Command('rollback')
    .description('go back to the version before the current one; what is left is not chosen again')
    .option('--to <version>', 'this version instead, e.g. v1', parseVersion)
    .option('--reason <text>', 'why, for whoever looks at the pointer', 'asked for on the command line');
  return withSessionOptions(withModelsOption(command)).action((options: RollbackOptions) =>
    runSession(forModels(options), async (session) => {
      const { platform, output, signal } = withModelsOf(session, options);
      const { to, reason } = options;
      const order = { by: operatorName(), reason, ...(to && { to }) };
      const pointer = await inKnownFolder(options, rollbackAlertModel(platform, order, signal));
      output.say(`${pointer.version} is current`);
      output.result({ pointer });
    }),
  );
}
