import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { QuarterdeckError } from '../contracts';
import { nodeBinary } from './nodeBinary';

export interface AzuriteOptions {
  /** Where blobs and queues are kept; ignored with `inMemory`. */
  readonly folder?: string;
  /** 0 or nothing: a free port that the system picks. */
  readonly blobPort?: number;
  readonly queuePort?: number;
  readonly inMemory?: boolean;
  /** Names of storage accounts, each a world of its own; one when left out. */
  readonly accounts?: readonly string[];
  readonly log?: (line: string) => void;
}

export interface Azurite {
  readonly connectionString: string;
  readonly processId: number;
  /** Ends the child after it has written its files; safe to call twice. */
  stop(): Promise<void>;
}

export interface StartedAzurite extends Azurite {
  /** One for each account; the first is `connectionString`. */
  readonly connectionStrings: readonly string[];
}

export const azuriteAccount = 'devstoreaccount1';
/** Azurite starts in 2 to 3 s on an idle machine; a loaded one takes far longer. */
const startLimitMs = 90_000;
/** Writing its files takes well under a second; after this it hangs and is killed. */
const stopLimitMs = 15_000;
/** Lines of the child's own words that an error repeats. */
const linesKept = 5;
const listening = /Azurite (Blob|Queue) service is successfully listening at (http:\/\/\S+)/;

/**
 * Starts Azurite (blobs and queues) as a child process on 127.0.0.1, with a key of its own instead of the
 * published one, and resolves when both services listen. The child ends with its parent.
 *
 * @throws STORAGE_UNAVAILABLE when it ends or stays silent instead; the message repeats its last words.
 */
export async function startAzurite(options: AzuriteOptions): Promise<StartedAzurite> {
  const key = randomBytes(64).toString('base64');
  const accounts = options.accounts ?? [azuriteAccount];
  const child = spawn(nodeBinary(), [join(__dirname, 'azuriteProcess.js'), ...commandLine(options)], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // A terminal's Ctrl-C reaches the whole process group; the parent still needs its storage to end its work.
    detached: true,
    env: { ...process.env, AZURITE_ACCOUNTS: accounts.map((account) => `${account}:${key}`).join(';') },
  });
  const exited = once(child, 'exit');
  try {
    const addresses = await addressesOf(child, exited, options.log);
    // Whoever forgets to stop it may still end; the child then notices that its parent is gone.
    unreference(child);
    const connectionStrings = accounts.map((account) => connectionStringOf(addresses, account, key));
    return {
      connectionString: connectionStrings[0]!,
      connectionStrings,
      processId: child.pid ?? 0,
      stop: () => stopChild(child, exited),
    };
  } catch (error) {
    await stopChild(child, exited);
    throw error;
  }
}

function commandLine(options: AzuriteOptions): string[] {
  const parameters = ['--silent', '--disableTelemetry'];
  for (const [service, port] of [
    ['blob', options.blobPort],
    ['queue', options.queuePort],
    ['table', 0],
  ] as const) {
    parameters.push(`--${service}Host`, '127.0.0.1', `--${service}Port`, String(port ?? 0));
  }
  if (options.inMemory) return [...parameters, '--inMemoryPersistence'];
  if (options.folder === undefined) {
    throw new QuarterdeckError(
      'INPUT_INVALID',
      'Azurite needs a folder unless it keeps everything in memory',
      {
        culprit: { option: 'folder' },
      },
    );
  }
  mkdirSync(options.folder, { recursive: true });
  return [...parameters, '--location', options.folder];
}

interface Addresses {
  readonly blob: string;
  readonly queue: string;
}

async function addressesOf(
  child: ChildProcess,
  exited: Promise<unknown[]>,
  log: ((line: string) => void) | undefined,
): Promise<Addresses> {
  const found = new Map<string, string>();
  const lastLines: string[] = [];
  const ready = new Promise<Addresses>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue;
      createInterface({ input: stream }).on('line', (line) => {
        lastLines.push(line);
        if (lastLines.length > linesKept) lastLines.shift();
        log?.(line);
        const [, service, address] = listening.exec(line) ?? [];
        if (service && address) found.set(service, address);
        const blob = found.get('Blob');
        const queue = found.get('Queue');
        if (blob && queue) resolve({ blob, queue });
      });
    }
  });
  const limit = AbortSignal.timeout(startLimitMs);
  const failed = (why: string) =>
    new QuarterdeckError('STORAGE_UNAVAILABLE', `Azurite ${why}: ${lastLines.join(' | ') || 'no output'}`, {
      culprit: { service: 'azurite' },
    });
  return Promise.race([
    ready,
    exited.then(([code]) => {
      throw failed(`ended with code ${String(code)}`);
    }),
    once(limit, 'abort').then(() => {
      throw failed(`did not listen within ${startLimitMs / 1000} s`);
    }),
  ]);
}

function connectionStringOf({ blob, queue }: Addresses, account: string, key: string): string {
  return [
    'DefaultEndpointsProtocol=http',
    `AccountName=${account}`,
    `AccountKey=${key}`,
    `BlobEndpoint=${blob}/${account}`,
    `QueueEndpoint=${queue}/${account}`,
    '',
  ].join(';');
}

function unreference(child: ChildProcess): void {
  child.unref();
  child.channel?.unref();
  for (const stream of [child.stdout, child.stderr]) {
    if (stream instanceof Socket) stream.unref();
  }
}

async function stopChild(child: ChildProcess, exited: Promise<unknown[]>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.ref();
  // Not a signal: the open channel would keep the child alive after its servers have closed.
  if (child.connected) child.disconnect();
  else child.kill('SIGTERM');
  const hung = setTimeout(() => child.kill('SIGKILL'), stopLimitMs);
  await exited;
  clearTimeout(hung);
}
