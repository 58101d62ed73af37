import { InvalidArgumentError, type Command } from 'commander';
import { parseAlertColumnMap } from '../../src/alerts';
import { isQuarterdeckError, QuarterdeckError } from '../../src/contracts';

/** The two files and how to read them. */
export function withAlertFiles(command: Command): Command {
  return command
    .option('--alerts <file>', 'the alerts: CSV, NDJSON or Parquet, .gz too')
    .option('--graph <file>', 'the service graph: JSON with nodes and edges')
    .option(
      '--map <pairs>',
      'columns of the file by ours, e.g. alert_name=Title,start_time=Opened',
      (text: string) => {
        try {
          return parseAlertColumnMap(text);
        } catch (error) {
          throw isQuarterdeckError(error) ? new InvalidArgumentError(error.message) : error;
        }
      },
    );
}

/** Not required by the parser: it would ask the commands below for them too. */
export function checkedFiles<O extends { alerts?: string; graph?: string }>(
  options: O,
): O & { alerts: string; graph: string } {
  const { alerts, graph } = options;
  if (alerts !== undefined && graph !== undefined) return { ...options, alerts, graph };
  throw new QuarterdeckError(
    'INPUT_INVALID',
    'both files are needed: --alerts FILE and --graph FILE (`quarterdeck demo alerts` writes a pair to try)',
    { culprit: { option: alerts === undefined ? '--alerts' : '--graph' } },
  );
}
