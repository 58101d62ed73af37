import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startAzurite, type StartedAzurite } from '../../src/host/azurite';

/**
 * One Azurite in memory for a whole run of tests, in every process of it: starting one for each of eighty files took
 * more processor time than most of their tests. Files do not meet in it, since each takes accounts of its own.
 */

/** Where the processes of a run find the connection strings, and mark those that are taken. */
const folderVariable = 'JEST_AZURITE_FOLDER';
const listName = 'accounts.json';
/** Each file takes one or two. */
const accounts = Array.from({ length: 400 }, (_, index) => `account${index}`);
const lookAgainMs = 25;

type Announcement = { readonly connectionStrings: readonly string[] } | { readonly failure: string };

let running: { readonly folder: string; readonly azurite: Promise<StartedAzurite | undefined> } | undefined;

/** Begins to start it; whoever needs it waits. */
export function beginAzurite(): void {
  const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-azurite-'));
  process.env[folderVariable] = folder;
  const announce = (announcement: Announcement): void => {
    writeFileSync(join(folder, 'announcement'), JSON.stringify(announcement));
    renameSync(join(folder, 'announcement'), join(folder, listName));
  };
  const azurite = startAzurite({ inMemory: true, accounts }).then(
    (started) => {
      announce({ connectionStrings: started.connectionStrings });
      return started;
    },
    (error: unknown) => {
      announce({ failure: String(error) });
      return undefined;
    },
  );
  running = { folder, azurite };
}

export async function endAzurite(): Promise<void> {
  const ended = running;
  running = undefined;
  if (!ended) return;
  await (await ended.azurite)?.stop();
  rmSync(ended.folder, { recursive: true, force: true });
}

/** The connection string of an account that nobody else in this run has. */
export async function takeAccount(): Promise<string> {
  const folder = process.env[folderVariable];
  if (folder === undefined) throw new Error('tests run by jest.config.cjs, which starts Azurite');
  const list = join(folder, listName);
  while (!existsSync(list)) await delay(lookAgainMs);
  const announced = JSON.parse(readFileSync(list, 'utf8')) as Announcement;
  if ('failure' in announced) throw new Error(announced.failure);
  const taken = announced.connectionStrings.find((_, index) => isMarked(join(folder, String(index))));
  if (taken === undefined) throw new Error(`all ${accounts.length} accounts of this run are taken`);
  return taken;
}

/** Whether the file was made here: of several processes one makes it. */
function isMarked(file: string): boolean {
  try {
    closeSync(openSync(file, 'wx'));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
