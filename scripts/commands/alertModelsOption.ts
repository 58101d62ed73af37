import type { Command } from 'commander';
import { folderBlobs } from '../../src/platform/blobs/folderBlobs';
import type { Session, SessionOptions } from '../session';

export interface ModelsOptions {
  readonly models?: string;
}

export function withModelsOption(command: Command): Command {
  return command.option(
    '--models <folder>',
    'the folder where `quarterdeck alerts --models` keeps versions and history; this installation’s storage when not given',
  );
}

/** A folder needs no storage beside it. */
export function forModels<Options extends ModelsOptions & SessionOptions>(
  options: Options,
): Options & SessionOptions {
  return { ...options, withoutStorage: options.models !== undefined };
}

/** The session, with the folder in the place of storage when one is named. */
export function withModelsOf(session: Session, { models }: ModelsOptions): Session {
  if (models === undefined) return session;
  return { ...session, platform: { ...session.platform, blobs: folderBlobs(models) } };
}
