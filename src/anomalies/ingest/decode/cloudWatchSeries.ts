/** How a metric of CloudWatch is called here: its dimensions name the instance, its namespace the metric. */

export interface CloudWatchSeries {
  readonly metric: string;
  readonly instance: string | undefined;
  readonly labels: Readonly<Record<string, unknown>>;
}

/** Dimensions that name what was measured, best first; without one of them the first by name is taken. */
const instanceDimensions = [
  'InstanceId',
  'DBInstanceIdentifier',
  'PodName',
  'NodeName',
  'ServiceName',
  'FunctionName',
  'LoadBalancer',
  'QueueName',
  'TableName',
  'StreamName',
  'CacheClusterId',
  'ClusterName',
  'AutoScalingGroupName',
];

/** @returns namespace/name as the metric, and the other dimensions as labels. */
export function seriesOfDimensions(
  namespace: string,
  name: string,
  dimensions: Readonly<Record<string, unknown>>,
): CloudWatchSeries {
  const names = Object.keys(dimensions).sort();
  const chosen = instanceDimensions.find((dimension) => Object.hasOwn(dimensions, dimension)) ?? names[0];
  const value = chosen === undefined ? undefined : dimensions[chosen];
  return {
    metric: `${namespace}/${name}`,
    // A metric without dimensions is one of the whole namespace.
    instance: typeof value === 'string' && value !== '' ? value : namespace,
    labels: Object.fromEntries(Object.entries(dimensions).filter(([dimension]) => dimension !== chosen)),
  };
}

/** In a metric stream of the OpenTelemetry 1.0 format the attributes carry namespace, name and dimensions. */
export function cloudWatchSeries(
  name: string,
  attributes: Readonly<Record<string, unknown>>,
): CloudWatchSeries | undefined {
  const { Namespace: namespace, MetricName: metric, Dimensions: dimensions } = attributes;
  if (!name.startsWith('amazonaws.com/') || typeof namespace !== 'string' || typeof metric !== 'string') {
    return undefined;
  }
  const isObject = typeof dimensions === 'object' && dimensions !== null && !Array.isArray(dimensions);
  return seriesOfDimensions(namespace, metric, isObject ? (dimensions as Record<string, unknown>) : {});
}
