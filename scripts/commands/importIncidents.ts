import { Command, InvalidArgumentError } from 'commander';
import { isQuarterdeckError, parseQuarter, type Quarter } from '../../src/contracts';
import { parseColumnMap } from '../../src/incidents/import/columns';
import { importIncidents } from '../../src/incidents/import/importIncidents';
import {
  checkTechCenter,
  type IncidentFileOptions,
  type IncidentFileReport,
  type RefusedRow,
} from '../../src/incidents/import/readIncidentFile';
import { exitCodes } from '../exitCodes';
import type { Output } from '../output';
import { lateRemedy } from './lateRemedy';
import { runSession, withSessionOptions, type SessionOptions } from '../session';

/** What the command line says of a file of tickets. */
export interface IncidentOptions {
  readonly map?: Readonly<Record<string, string>>;
  readonly techCenter?: string;
  readonly period?: Quarter;
}

/** Checked as the words are read: nothing is started for a quarter or a column that makes no sense. */
export function withIncidentOptions(command: Command): Command {
  return command
    .option(
      '--map <pairs>',
      'columns of the file by ours, e.g. short_description=Title,tech_center=Team',
      refusing(parseColumnMap),
    )
    .option(
      '--tech-center <name>',
      'tech centre of the tickets, where the file has no column for it',
      refusing(checkTechCenter),
    )
    .option(
      '--period <quarter>',
      'spread tickets without a time over a quarter, e.g. 2026q3',
      refusing(parseQuarter),
    );
}

/** A parser whose coded errors are wrong usage. */
function refusing<T>(parse: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      throw isQuarterdeckError(error) ? new InvalidArgumentError(error.message) : error;
    }
  };
}

type ImportOptions = SessionOptions & IncidentOptions;

/** `import incidents FILE` */
export function importIncidentsCommand(): Command {
  const incidents = new Command('incidents')
    .description('read tickets from a file into the tables; the same file again changes nothing')
    .argument('<file>', 'CSV, NDJSON or Parquet, .gz too');
  return withSessionOptions(withIncidentOptions(incidents)).action((file: string, options: ImportOptions) =>
    runSession(options, async ({ platform, output, signal }) => {
      const bar = output.progress('import');
      try {
        const { run, report, setAside, late } = await importIncidents(
          platform,
          file,
          incidentFileOptions(options),
          {
            signal,
            onProgress: ({ done, total, stage }) => bar.update(done, total, stage),
          },
        );
        bar.stop();
        sayReport(report, run.counts, setAside, output);
        if (late > 0) output.say(lateRemedy(late));
        output.result({
          ...report,
          counts: run.counts,
          setAside: setAside.map(({ row, reason, detail }) => ({ row, reason, detail })),
        });
        return setAside.length > 0 ? exitCodes.partial : exitCodes.done;
      } finally {
        bar.stop();
      }
    }),
  );
}

/** Those of a command's options that say how to read the file. */
export function incidentFileOptions({ map, techCenter, period }: IncidentOptions): IncidentFileOptions {
  return {
    ...(map !== undefined && { map }),
    ...(techCenter !== undefined && { techCenter }),
    ...(period !== undefined && { period }),
  };
}

/** Says what was read, and everything that was not simply taken from the file. */
export function sayReport(
  report: IncidentFileReport,
  counts: Readonly<Record<string, number>>,
  setAside: readonly RefusedRow[],
  output: Output,
): void {
  const encoding = report.encoding === undefined ? '' : `, ${report.encoding}`;
  output.say(
    `${report.file} (${report.format}${encoding}): ${counts['stored'] ?? 0} of ${report.rows} rows stored`,
  );
  for (const [column, how] of Object.entries(report.derived)) output.say(`  ${column}: ${how}`);
  for (const [reason, count] of Object.entries(report.refused)) {
    output.say(`  ${count} rows set aside: ${reason}`);
  }
  for (const { row, reason, detail } of setAside) output.say(`    row ${row}: ${reason} – ${detail}`);
  if (report.unused.length > 0) output.say(`  not used: ${report.unused.join(', ')}`);
}
