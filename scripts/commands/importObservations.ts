import { Command, InvalidArgumentError } from 'commander';
import { importFile, type ImportedFile, type ObservationFileOptions } from '../../src/anomalies';
import { instanceNameSchema, isQuarterdeckError, toTimestamp, type Timestamp } from '../../src/contracts';
import { exitCodes } from '../exitCodes';
import type { Output } from '../output';
import { runSession, withSessionOptions, type SessionOptions } from '../session';

type Options = SessionOptions & ObservationFileOptions;

/** Set-aside records that are shown; all of them are in the tables. */
const refusedShown = 5;

const descriptions = {
  metrics: 'read metrics from a file into the tables; the same file again changes nothing',
  logs: 'read log records from a file into the tables; the same file again changes nothing',
} as const;
const formats = {
  metrics:
    'CSV (a column for each metric, or instance, metric, timestamp, value), NDJSON or Parquet, .gz too',
  logs: 'lines of text, NDJSON, CSV or Parquet, .gz too',
} as const;

/** `import metrics FILE` and `import logs FILE` */
export function importObservationsCommand(kind: 'metrics' | 'logs'): Command {
  const command = new Command(kind)
    .description(descriptions[kind])
    .argument('<file>', formats[kind])
    .option('--instance <name>', 'instance of the records that name none', instanceName);
  if (kind === 'logs') {
    command.option('--source <name>', 'logger or file of the records that name none; by default the file');
  } else {
    command
      .option('--start <time>', 'time of minute 0, where the file numbers its minutes', time)
      .option('--without <columns>', 'columns that are no metrics, such as labels', (text) =>
        text.split(',').map((column) => column.trim()),
      );
  }
  return withSessionOptions(command).action((file: string, options: Options) =>
    runSession(options, async ({ platform, output, signal }) => {
      const bar = output.progress('import');
      try {
        const imported = await importFile(platform, kind, file, fileOptions(options), {
          signal,
          onProgress: ({ done, total, stage }) => bar.update(done, total, stage),
        });
        bar.stop();
        sayImported(imported, kind, output);
        const { run, ...result } = imported;
        output.result({ ...result, runId: run.runId, counts: run.counts });
        return imported.rejectedTotal > 0 ? exitCodes.partial : exitCodes.done;
      } finally {
        bar.stop();
      }
    }),
  );
}

function sayImported(imported: ImportedFile, kind: 'metrics' | 'logs', output: Output): void {
  const { file, format, encoding, records, accepted, rejected, rejectedTotal } = imported;
  const what = kind === 'metrics' ? 'points' : 'records';
  const written = encoding === undefined ? format : `${format}, ${encoding}`;
  output.say(`${file} (${written}): ${accepted} of ${records} ${what} stored`);
  if (rejectedTotal > 0) output.say(`  ${rejectedTotal} set aside`);
  for (const { index, code, message } of rejected.slice(0, refusedShown)) {
    output.say(`    record ${index + 1}: ${code} – ${message}`);
  }
}

function fileOptions({ instance, source, start, without }: Options): ObservationFileOptions {
  return {
    ...(instance !== undefined && { instance }),
    ...(source !== undefined && { source }),
    ...(start !== undefined && { start }),
    ...(without !== undefined && { without }),
  };
}

function instanceName(text: string): string {
  const parsed = instanceNameSchema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError('expected 1 to 200 characters');
}

function time(text: string): Timestamp {
  try {
    return toTimestamp(text);
  } catch (error) {
    throw isQuarterdeckError(error) ? new InvalidArgumentError(error.message) : error;
  }
}
