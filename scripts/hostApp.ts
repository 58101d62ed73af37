import { join } from 'node:path';
import type { Command } from 'commander';
import type { RunningHost } from '../src/host';
import { localHost } from './localHost';
import { wholeNumber } from './wholeNumber';

/** Folder of the app: package.json and host.json are there, whether it is run from dist/ or not. */
const root = join(__dirname, '..', '..');

export function withHostOptions(command: Command): Command {
  return command
    .option('--port <number>', 'port of the Functions host; 0 for a free one', wholeNumber(0, 65_535), 7071)
    .option('--bind <address>', 'address to listen on', '127.0.0.1')
    .option('--verbose', 'print a line for every function that runs, not only warnings and errors');
}

/** Starts this app's functions in this process. */
export function hostApp(options: {
  port: number;
  bind?: string;
  schedulesEnabled: boolean;
  verbose?: boolean;
}): Promise<RunningHost> {
  return localHost().startHost({
    root,
    port: options.port,
    ...(options.bind !== undefined && { bind: options.bind }),
    schedulesEnabled: options.schedulesEnabled,
    stateDir: join(process.env['QUARTERDECK_DATA_DIR'] ?? '.quarterdeck', 'host'),
    log: (line) => {
      if (options.verbose || !line.startsWith('[information]')) process.stderr.write(`${line}\n`);
    },
  });
}
