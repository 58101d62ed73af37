import { Command } from 'commander';
import { chooseSource, fillWarehouse, type DataOptions } from '../quickstart/fill';
import { runFleet, sayFleet } from '../quickstart/fleet';
import { runPipeline } from '../quickstart/pipeline';
import { runStorms, sayStorms } from '../quickstart/storms';
import { printSummary, summarize } from '../quickstart/summary';
import { withIncidentOptions } from './importIncidents';
import { hostApp, withHostOptions } from '../hostApp';
import { exitCodes } from '../exitCodes';
import { runSession, type SessionOptions } from '../session';
import { wholeNumber } from '../wholeNumber';

/** The demo has the folder that the other commands look into; tickets of one's own never mix with it. */
const ownTicketsFolder = '.quarterdeck-own';

/** Of one centre and quarter; the demo is made in memory. */
const mostTickets = 20_000;
const demoServers = 5;
const mostServers = 100;
const demoStorms = 4;
const mostStorms = 5;

interface QuickstartOptions extends SessionOptions, DataOptions {
  readonly once?: boolean;
  readonly servers: number;
  readonly storms: number;
  readonly port: number;
  readonly bind?: string;
  readonly verbose?: boolean;
}

export function quickstartCommand(): Command {
  const quickstart = new Command('quickstart')
    .description(
      'start everything on this machine, run the whole pipeline on a demo or on your tickets, and serve',
    )
    .option('--once', 'end after the pipeline; the last line is a JSON summary')
    .option('--incidents <file>', 'your tickets (CSV, NDJSON or Parquet, .gz too) instead of the demo')
    .option('--tickets <number>', 'demo: tickets a tech centre and quarter', wholeNumber(1, mostTickets))
    .option(
      '--servers <number>',
      'demo: servers whose metrics and logs are learned from; 0 leaves them out',
      wholeNumber(0, mostServers),
      demoServers,
    )
    .option(
      '--storms <number>',
      'demo: alert storms that are sent and grouped; 0 leaves them out',
      wholeNumber(0, mostStorms),
      demoStorms,
    )
    .option('--data-dir <folder>', 'where the tables and blobs of this machine are kept');
  return withHostOptions(withIncidentOptions(quickstart)).action(
    (options: QuickstartOptions, command: Command) =>
      runSession(placed(options), async (session) => {
        const { platform, output, untilInterrupted } = session;
        const startedAt = performance.now();
        const source = await chooseSource(session, options);
        // Nobody calls one that ends by itself, so it takes no known port from those who are called.
        const port = options.once && command.getOptionValueSource('port') === 'default' ? 0 : options.port;
        const host = await hostApp({ ...options, port, schedulesEnabled: options.once !== true });
        try {
          const quarters = await fillWarehouse(session, options, source);
          const failures = await runPipeline(session, host, quarters);
          // Servers belong to the demo: to somebody's own tickets come their own metrics.
          const fleet =
            source === 'demo' && options.servers > 0
              ? await runFleet(session, host.url, options.servers)
              : null;
          const storms =
            source === 'demo' && options.storms > 0 ? await runStorms(session, host, options.storms) : null;
          const summary = await summarize(session, { url: host.url, failures, startedAt, fleet, storms });
          printSummary(output, summary);
          if (fleet) sayFleet(session, fleet);
          if (storms) sayStorms(session, storms);
          output.say(`Data: ${platform.settings.QUARTERDECK_DATA_DIR}${otherCommands(options)}`);
          if (options.once) {
            output.say('Without --once it goes on serving, and the console shows all of this.');
            process.stdout.write(`${JSON.stringify(summary)}\n`);
          } else {
            output.say(`Console: ${host.url}/   API: ${host.url}/api/openapi.json`);
            output.say(`Serving on ${host.url} – the timers are running. Ctrl-C stops.`);
            await untilInterrupted();
          }
          return failures.length === 0 ? exitCodes.done : exitCodes.partial;
        } finally {
          await host.stop();
        }
      }),
  );
}

const placed = (options: QuickstartOptions): QuickstartOptions =>
  options.incidents === undefined ? options : { ...options, defaultDataDir: ownTicketsFolder };

const otherCommands = ({ incidents, dataDir }: QuickstartOptions): string =>
  incidents === undefined && dataDir === undefined ? '' : ' – name it to other commands with --data-dir';
