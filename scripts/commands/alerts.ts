import { resolve } from 'node:path';
import { Command } from 'commander';
import { folderBlobs } from '../../src/platform/blobs/folderBlobs';
import { exitCodes } from '../exitCodes';
import { runSession, withSessionOptions, type SessionOptions } from '../session';
import { wholeNumber } from '../wholeNumber';
import { alertModelCommands } from './alertsModel';
import { alertsPreviewCommand } from './alertsPreview';
import { checkedFiles, withAlertFiles } from './alertFilesOption';
import { groupFiles, sayGrouping, type AlertFilesOptions } from './alertFiles';
import { groupEvery } from './alertsInterval';

export interface AlertsOptions extends SessionOptions, AlertFilesOptions {
  readonly interval: number;
  readonly runOnce?: boolean;
}

const defaultIntervalMinutes = 15;
const longestIntervalMinutes = 1_440;

/** `alerts`: folds a file of alerts into groups, once or again and again; with a word behind it, what else there is. */
export function alertsCommand(): Command {
  const command = new Command('alerts')
    .description('fold alerts into ranked groups over the service graph, every few minutes or once')
    // What stands behind `preview` or `train` is theirs, although both have options of the same names.
    .enablePositionalOptions();
  withSessionOptions(withAlertFiles(command))
    .option(
      '--interval <minutes>',
      'minutes between two runs; the files are read again for each',
      wholeNumber(1, longestIntervalMinutes),
      defaultIntervalMinutes,
    )
    .option('--output <folder>', 'where each run gets a folder of its own with its results', 'results')
    .option(
      '--models <folder>',
      'where versions of the model of alerts and its history are kept',
      'data/models',
    )
    .option('--no-retraining', 'train no model, neither the first one nor weekly')
    .option('--run-once', 'one run, then end')
    .action((options: AlertsOptions) =>
      runSession({ ...options, withoutStorage: true }, async (session) => {
        const files = checkedFiles(options);
        const platform = { ...session.platform, blobs: folderBlobs(resolve(options.models)) };
        if (options.runOnce !== true) return groupEvery({ ...session, platform }, files, options.interval);
        const grouping = await groupFiles(platform, files, session.output, session.signal);
        sayGrouping(session.output, grouping);
        return grouping.rejected > 0 ? exitCodes.partial : exitCodes.done;
      }),
    );
  command.addCommand(alertsPreviewCommand());
  for (const one of alertModelCommands()) command.addCommand(one);
  return command;
}
