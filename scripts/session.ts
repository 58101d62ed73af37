import { once } from 'node:events';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { readLocalSettings } from '../src/host/configuration/localSettings';
import { closeProcessPlatform, processPlatform } from '../src/platform/processPlatform';
import type { Platform } from '../src/platform/platform';
import { variables, type VariableName } from '../src/platform/settings/settings';
import { exitCodes, type ExitCode } from './exitCodes';
import { interruptions } from './interruptions';
import { localHost } from './localHost';
import { createOutput, type Output } from './output';
import { reportFailure } from './reportFailure';

/** What a command works with. */
export interface Session {
  readonly platform: Platform;
  readonly output: Output;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Waits for Ctrl-C as the ordinary end of work that has no other; anywhere else it ends the command with 130. */
  untilInterrupted(this: void): Promise<void>;
}

export interface SessionOptions {
  readonly json?: boolean;
  readonly dataDir?: string;
  /** Where no option and no setting names one. */
  readonly defaultDataDir?: string;
  /** The command brings blobs of its own and needs no queues: no Azurite is started. */
  readonly withoutStorage?: boolean;
}

/** Adds the options that every command has. */
export function withSessionOptions(command: Command): Command {
  return command
    .option('--data-dir <folder>', 'where the tables, blobs and logs of this machine are kept')
    .option('--json', 'print one JSON document on standard output and nothing else');
}

/**
 * Runs a command against the platform that the settings describe: the environment first, then
 * local.settings.json, then one machine's defaults, for which Azurite is started when it is not running yet.
 * Sets the process's exit code; an error is printed with its code and never thrown on.
 */
export async function runSession(
  options: SessionOptions,
  work: (session: Session) => Promise<ExitCode | void>,
): Promise<void> {
  const output = createOutput({ json: options.json === true });
  const interruption = interruptions();
  const { signal } = interruption;
  let serving = false;
  const untilInterrupted = async (): Promise<void> => {
    serving = true;
    if (!signal.aborted) await once(signal, 'abort');
  };
  let storage: { stop(): Promise<void> } | undefined;
  try {
    storage = await prepareEnvironment(options);
    const platform = processPlatform();
    await platform.warehouse.prepare(signal);
    const code = await work({ platform, output, signal, untilInterrupted });
    if (!serving) signal.throwIfAborted();
    process.exitCode = code ?? exitCodes.done;
  } catch (error) {
    output.close();
    process.exitCode = reportFailure(error, output, signal.aborted);
  } finally {
    output.close();
    await closeProcessPlatform();
    await storage?.stop();
    interruption.release();
  }
}

/**
 * Fills `process.env` with what is not set there: local.settings.json, the data folder, and a storage connection
 * (Azurite) unless one is named. Returns the Azurite that it started, if it did.
 */
export async function prepareEnvironment(
  options: SessionOptions,
): Promise<{ stop(): Promise<void> } | undefined> {
  for (const [name, value] of Object.entries(readLocalSettings(process.cwd()).Values))
    process.env[name] ??= value;
  if (options.dataDir) process.env['QUARTERDECK_DATA_DIR'] = options.dataDir;
  const dataDir = resolve(process.env['QUARTERDECK_DATA_DIR'] ?? options.defaultDataDir ?? '.quarterdeck');
  process.env['QUARTERDECK_DATA_DIR'] = dataDir;
  // What bindings name as `%SETTING%` is looked up by the host, which knows no defaults.
  for (const name of Object.keys(variables) as VariableName[]) {
    const bound = name.endsWith('_SCHEDULE') || name === 'QUARTERDECK_RAW_LOGS_CONTAINER';
    const value: unknown = bound ? variables[name].parse(undefined) : undefined;
    if (typeof value === 'string') process.env[name] ??= value;
  }
  if (options.withoutStorage) return undefined;
  const connection = process.env['AzureWebJobsStorage'];
  const identity = Object.keys(process.env).some((name) => name.startsWith('AzureWebJobsStorage__'));
  if (identity || (connection && connection !== 'UseDevelopmentStorage=true')) return undefined;
  const azurite = await localHost().ensureAzurite(dataDir);
  process.env['AzureWebJobsStorage'] = azurite.connectionString;
  return azurite;
}
