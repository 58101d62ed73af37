import { link, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { QueueServiceClient } from '@azure/storage-queue';
import { z } from 'zod';
import { QuarterdeckError, type Clock } from '../contracts';
import { startAzurite, type Azurite } from './azurite';
import { hasCode, reasonOf } from './foreignError';
import { systemClock } from '../platform/systemClock';

const recordSchema = z.object({ connectionString: z.string(), processId: z.number().int() });
type AzuriteRecord = z.output<typeof recordSchema>;

/** An Azurite that lives answers a request in milliseconds. */
const probeLimitMs = 5_000;
/** Another process that is just starting one is waited for this long. */
const startWaitMs = 120_000;
const lookEveryMs = 100;

/**
 * The Azurite of a data folder: the one that another process of this project runs there, else a new one. Two on
 * one folder would destroy each other's files, so starting is done under a lock. Whoever started it stops it.
 *
 * @throws STORAGE_UNAVAILABLE, DATA_FOLDER_UNUSABLE
 */
export async function ensureAzurite(
  folder: string,
  log: (line: string) => void = () => {},
  clock: Clock = systemClock,
): Promise<Azurite> {
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw unusable(folder, error);
  });
  const record = join(folder, 'azurite.json');
  const release = await lock(join(folder, 'azurite.lock'), clock);
  try {
    const known = await readRecord(record);
    if (known && (await answers(known))) {
      log(`uses the Azurite of process ${known.processId}`);
      return { ...known, stop: async () => {} };
    }
    const azurite = await startAzurite({ folder: join(folder, 'azurite'), log });
    const { connectionString, processId } = azurite;
    await writeFile(`${record}.new`, JSON.stringify({ connectionString, processId }), { mode: 0o600 });
    await rename(`${record}.new`, record);
    return {
      connectionString,
      processId,
      stop: async () => {
        await rm(record, { force: true });
        await azurite.stop();
      },
    };
  } finally {
    await release();
  }
}

function unusable(folder: string, cause: unknown): QuarterdeckError {
  return new QuarterdeckError(
    'DATA_FOLDER_UNUSABLE',
    `the data folder ${folder} cannot be used (${reasonOf(cause)}): name one that can be written to with --data-dir or QUARTERDECK_DATA_DIR`,
    { culprit: { file: folder }, cause },
  );
}

async function readRecord(path: string): Promise<AzuriteRecord | undefined> {
  try {
    return recordSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    // No record, or half of one from a crash: either way nothing is known.
    return undefined;
  }
}

/** The key is of that very process, so an answer proves that it is the recorded one. */
async function answers({ connectionString }: AzuriteRecord): Promise<boolean> {
  try {
    const client = QueueServiceClient.fromConnectionString(connectionString, {
      retryOptions: { maxTries: 1 },
    });
    await client.getProperties({ abortSignal: AbortSignal.timeout(probeLimitMs) });
    return true;
  } catch {
    return false;
  }
}

/** A lock file with its holder's process id; that of a process which is gone is taken over. */
async function lock(path: string, clock: Clock): Promise<() => Promise<void>> {
  const limit = AbortSignal.timeout(startWaitMs);
  while (!limit.aborted) {
    try {
      const file = await open(path, 'wx');
      await file.writeFile(String(process.pid));
      await file.close();
      return () => rm(path, { force: true });
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw unusable(dirname(path), error);
    }
    const holder = await readFile(path, 'utf8').catch(() => '');
    if (/^\d+$/.test(holder) && !isAlive(Number(holder))) await takeAway(path, holder);
    else await clock.sleep(lookEveryMs, limit).catch(() => {});
  }
  throw new QuarterdeckError('STORAGE_UNAVAILABLE', `another process holds ${path} and does not let go`, {
    culprit: { service: 'azurite', file: path },
  });
}

/** Removes a dead holder's lock, and puts back what somebody else has put there in the meantime. */
async function takeAway(path: string, deadHolder: string): Promise<void> {
  const aside = `${path}.${process.pid}`;
  try {
    await rename(path, aside);
    if ((await readFile(aside, 'utf8')) !== deadHolder) await link(aside, path);
  } catch (error) {
    // Somebody else was quicker: the next look tells.
    if (!hasCode(error, 'ENOENT', 'EEXIST')) throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}
