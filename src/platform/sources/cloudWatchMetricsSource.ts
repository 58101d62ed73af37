import type { CloudWatchClient, CloudWatchClientConfig, MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { callSource, type SourceContext } from './callSource';
import type { LogSource } from './logSource';
import type { CloudWatchMetricsSettings } from './sourceSettings';

/** Limits of GetMetricData (CloudWatch API reference). */
const queriesPerRequest = 500;

/** Metrics of CloudWatch, by GetMetricData; its records look like lines of a metric stream. */
export function cloudWatchMetricsSource(
  settings: CloudWatchMetricsSettings,
  context: SourceContext,
  clientOptions: CloudWatchClientConfig = {},
): LogSource {
  const { name, region, endpoint, periodSeconds, metrics } = settings;
  let client: CloudWatchClient | undefined;
  return {
    name,
    kind: 'metrics',
    async *pages({ from, to }, signal) {
      const { CloudWatchClient: Client, GetMetricDataCommand } =
        require('@aws-sdk/client-cloudwatch') as typeof import('@aws-sdk/client-cloudwatch');
      const opened = (client ??= new Client({
        region,
        maxAttempts: 1,
        ...(endpoint !== undefined && { endpoint }),
        ...clientOptions,
      }));
      for (let first = 0; first < metrics.length; first += queriesPerRequest) {
        const part = metrics.slice(first, first + queriesPerRequest);
        const queries = part.map((metric, index) => queryOf(metric, index, periodSeconds));
        let nextToken: string | undefined;
        do {
          const command = new GetMetricDataCommand({
            StartTime: from,
            EndTime: to,
            ScanBy: 'TimestampAscending',
            MetricDataQueries: queries,
            ...(nextToken !== undefined && { NextToken: nextToken }),
          });
          const answer = await callSource(context, name, signal, (abortSignal) =>
            opened.send(command, { abortSignal }),
          );
          yield (answer.MetricDataResults ?? []).flatMap(({ Id: id = '', Timestamps = [], Values = [] }) => {
            const metric = part[Number(id.slice(1))];
            if (!metric) return [];
            return Timestamps.map((at, index) => ({
              namespace: metric.namespace,
              metric_name: metric.metric,
              dimensions: metric.dimensions,
              timestamp: at.getTime(),
              value: { [metric.statistic.toLowerCase()]: Values[index] },
            }));
          });
          nextToken = answer.NextToken === nextToken ? undefined : answer.NextToken;
        } while (nextToken !== undefined);
      }
    },
  };
}

function queryOf(
  { namespace, metric, dimensions, statistic }: CloudWatchMetricsSettings['metrics'][number],
  index: number,
  periodSeconds: number,
): MetricDataQuery {
  return {
    Id: `m${index}`,
    MetricStat: {
      Metric: {
        Namespace: namespace,
        MetricName: metric,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      },
      Period: periodSeconds,
      Stat: statistic,
    },
    ReturnData: true,
  };
}
