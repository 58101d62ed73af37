import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { Command } from 'commander';
import { alertCsv, generateStorms, graphJson } from '../../src/alerts';
import { QuarterdeckError } from '../../src/contracts';
import { createOutput } from '../output';
import { reportFailure } from '../reportFailure';
import { wholeNumber } from '../wholeNumber';

interface DemoAlertsOptions {
  readonly out: string;
  readonly seed: number;
  readonly nodes: number;
  readonly storms: number;
  readonly json?: boolean;
}

const defaultNodes = 200;
const defaultStorms = 12;
const mostNodes = 20_000;

/** `demo alerts`: storms over a graph, as the two files that `alerts` reads. The same words write the same bytes. */
export function demoAlertsCommand(): Command {
  return new Command('alerts')
    .description(
      'write alert_data.csv and graph_data.json: alert storms with noise over a generated service graph',
    )
    .option('--out <folder>', 'where the files go', '.')
    .option('--seed <number>', 'another seed, other storms', wholeNumber(0, Number.MAX_SAFE_INTEGER), 42)
    .option('--nodes <number>', 'services of the graph', wholeNumber(2, mostNodes), defaultNodes)
    .option('--storms <number>', 'faults that spread over it', wholeNumber(1, 10_000), defaultStorms)
    .option('--json', 'print one JSON document on standard output and nothing else')
    .action(async (options: DemoAlertsOptions) => {
      const output = createOutput({ json: options.json === true });
      try {
        const { out, seed, nodes, storms } = options;
        const made = generateStorms({ seed, graph: { nodes }, storms });
        const alertFile = join(out, 'alert_data.csv');
        const graphFile = join(out, 'graph_data.json');
        await writeFiles(out, [
          [alertFile, alertCsv(made.alerts)],
          [graphFile, graphJson(made.graph)],
        ]);
        const shown = (path: string): string => relative(process.cwd(), path);
        output.say(
          `${shown(alertFile)}: ${made.alerts.length} alerts of ${made.storms.length} storms and noise`,
        );
        output.say(
          `${shown(graphFile)}: ${made.graph.nodes.length} services, ${made.graph.edges.length} dependencies`,
        );
        output.say(
          `try: quarterdeck alerts --alerts ${shown(alertFile)} --graph ${shown(graphFile)} --run-once`,
        );
        output.result({
          alerts: alertFile,
          graph: graphFile,
          alertCount: made.alerts.length,
          nodes: made.graph.nodes.length,
          edges: made.graph.edges.length,
          storms: made.storms.map(({ id, root, startsAt, alertIds }) => ({
            id,
            root,
            startsAt,
            alerts: alertIds.length,
          })),
        });
      } catch (error) {
        process.exitCode = reportFailure(error, output, false);
      }
    });
}

async function writeFiles(folder: string, files: readonly (readonly [string, string])[]): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    for (const [path, text] of files) await writeFile(path, text);
  } catch (error) {
    throw new QuarterdeckError('DATA_FOLDER_UNUSABLE', `cannot write to ${folder}`, {
      culprit: { folder },
      cause: error,
    });
  }
}
