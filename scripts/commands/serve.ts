import { Command } from 'commander';
import { hostApp, withHostOptions } from '../hostApp';
import { runSession, type SessionOptions } from '../session';

export function serveCommand(): Command {
  const command = new Command('serve')
    .description('serve the console, the HTTP functions, timers and queues on this machine')
    .option('--data-dir <folder>', 'where the tables and blobs of this machine are kept');
  return withHostOptions(command).action(
    (options: SessionOptions & { port: number; bind?: string; verbose?: boolean }) =>
      runSession(options, async ({ output, untilInterrupted }) => {
        const host = await hostApp({ ...options, schedulesEnabled: true });
        try {
          output.say(`Serving on ${host.url} – the timers are running. Ctrl-C stops.`);
          await untilInterrupted();
        } finally {
          await host.stop();
        }
      }),
  );
}
