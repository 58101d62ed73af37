import type { CloudWatchLogsClient, CloudWatchLogsClientConfig } from '@aws-sdk/client-cloudwatch-logs';
import { callSource, type SourceContext } from './callSource';
import type { LogSource } from './logSource';
import type { CloudWatchLogsSettings } from './sourceSettings';

/** The most that FilterLogEvents gives at once. */
const eventsPerPage = 10_000;

/** A log group of CloudWatch, by FilterLogEvents. Credentials come from the SDK's own chain. */
export function cloudWatchLogsSource(
  settings: CloudWatchLogsSettings,
  context: SourceContext,
  clientOptions: CloudWatchLogsClientConfig = {},
): LogSource {
  const { name, region, logGroup, filterPattern, endpoint } = settings;
  let client: CloudWatchLogsClient | undefined;
  return {
    name,
    kind: 'logs',
    async *pages({ from, to }, signal) {
      const { CloudWatchLogsClient: Client, FilterLogEventsCommand } =
        require('@aws-sdk/client-cloudwatch-logs') as typeof import('@aws-sdk/client-cloudwatch-logs');
      const opened = (client ??= new Client({
        region,
        // The policy for retries is ours.
        maxAttempts: 1,
        ...(endpoint !== undefined && { endpoint }),
        ...clientOptions,
      }));
      let nextToken: string | undefined;
      do {
        const command = new FilterLogEventsCommand({
          logGroupName: logGroup,
          startTime: from.getTime(),
          // The service takes the end as part of the window.
          endTime: to.getTime() - 1,
          limit: eventsPerPage,
          ...(filterPattern !== undefined && { filterPattern }),
          ...(nextToken !== undefined && { nextToken }),
        });
        const answer = await callSource(context, name, signal, (abortSignal) =>
          opened.send(command, { abortSignal }),
        );
        yield (answer.events ?? []).map(({ eventId, logStreamName, timestamp, message }) => ({
          record_id: eventId,
          timestamp,
          instance: instanceOf(logStreamName, logGroup),
          source: logGroup,
          message: message ?? '',
          log_stream: logStreamName,
        }));
        // An unchanged token would lead round in a circle.
        nextToken = answer.nextToken === nextToken ? undefined : answer.nextToken;
      } while (nextToken !== undefined);
    },
  };
}

/** Streams that are named by date, as Lambda's are: their group says who wrote. */
function instanceOf(stream: string | undefined, group: string): string {
  return stream === undefined || /^\d{4}\/\d{2}\/\d{2}\//.test(stream) ? group : stream;
}
