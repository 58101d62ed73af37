import type { TokenCredential } from '@azure/identity';
import type { LogsQueryClient, LogsQueryClientOptions, LogsTable } from '@azure/monitor-query-logs';
import { QuarterdeckError } from '../../contracts';
import { callSource, type SourceContext } from './callSource';
import type { LogSource } from './logSource';
import type { AzureMonitorLogsSettings } from './sourceSettings';

/** Rows asked for at once; a window with more is halved. The service gives up to 500,000, in up to 100 MB. */
const rowsPerQuery = 30_000;
const shortestWindowMs = 1_000;
/** The service's own limit is 10 minutes; ours for a request is two. */
const serverTimeoutInSeconds = 110;

/** A query of a Log Analytics workspace, with the app's identity (Log Analytics Reader). */
export function azureMonitorSource(
  settings: AzureMonitorLogsSettings,
  context: SourceContext,
  makeCredential: () => TokenCredential,
  clientOptions: LogsQueryClientOptions = {},
): LogSource {
  const { name, kind, workspaceId, query, endpoint } = settings;
  let client: LogsQueryClient | undefined;
  const open = (): LogsQueryClient => {
    const { LogsQueryClient: Client } =
      require('@azure/monitor-query-logs') as typeof import('@azure/monitor-query-logs');
    return new Client(makeCredential(), {
      retryOptions: { maxRetries: 0 },
      ...(endpoint !== undefined && { endpoint }),
      ...clientOptions,
    });
  };

  const ask = (from: Date, to: Date, signal: AbortSignal): Promise<Record<string, unknown>[]> =>
    callSource(context, name, signal, async (abortSignal) => {
      const result = await (client ??= open()).queryWorkspace(
        workspaceId,
        bounded(query, from, to),
        { startTime: from, endTime: to },
        { abortSignal, serverTimeoutInSeconds },
      );
      // Half an answer would move the cursor over what is missing.
      if ('partialError' in result) {
        const { code, message } = result.partialError;
        throw new QuarterdeckError(
          'SOURCE_UNAVAILABLE',
          `source ${name}: half an answer: ${code} ${message}`,
          {
            culprit: { service: name },
          },
        );
      }
      const [table] = result.tables;
      return table ? recordsOf(table) : [];
    });

  async function* pages(
    from: Date,
    to: Date,
    signal: AbortSignal,
  ): AsyncGenerator<Record<string, unknown>[]> {
    const records = await ask(from, to, signal);
    if (records.length <= rowsPerQuery) {
      yield records;
      return;
    }
    const middle = new Date(Math.floor((from.getTime() + to.getTime()) / 2));
    if (to.getTime() - from.getTime() <= shortestWindowMs) {
      throw new QuarterdeckError(
        'SOURCE_REJECTED',
        `source ${name}: more than ${rowsPerQuery} rows at ${from.toISOString()}; narrow its query`,
        { culprit: { service: name } },
      );
    }
    yield* pages(from, middle, signal);
    yield* pages(middle, to, signal);
  }

  return { name, kind, pages: ({ from, to }, signal) => pages(from, to, signal) };
}

/** The timespan of a request includes its end; the query itself leaves it out, so that windows do not overlap. */
function bounded(query: string, from: Date, to: Date): string {
  const moment = (date: Date): string => `datetime(${date.toISOString()})`;
  return `${query}\n| where TimeGenerated >= ${moment(from)} and TimeGenerated < ${moment(to)}\n| take ${rowsPerQuery + 1}`;
}

function recordsOf({ columnDescriptors, rows }: LogsTable): Record<string, unknown>[] {
  const names = columnDescriptors.map(({ name }, index) => name ?? `column_${index + 1}`);
  return rows.map((row) => Object.fromEntries(row.map((cell, index) => [names[index]!, plain(cell)])));
}

/** The client makes dates of the times; what is stored is what the service wrote. */
function plain(cell: LogsTable['rows'][number][number]): unknown {
  return cell instanceof Date ? cell.toISOString() : cell;
}
