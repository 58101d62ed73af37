import { describe, expect, test } from '@jest/globals';
import { metricKind } from '../../../../src/alerts/rank/metrics/metricKind';

describe('the kind of a metric', () => {
  test.each([
    ['http_request_duration_seconds', 'requests', 'up', 'latency'],
    ['PodServerLatencyP95(s)', 'requests', 'up', 'latency'],
    ['latency p99', 'requests', 'up', 'latency'],
    ['error_rate', 'requests', 'up', 'errors'],
    ['http_5xx_total', 'requests', 'up', 'errors'],
    ['PodSuccessRate(%)', 'requests', 'down', 'availability'],
    ['availability Average', 'requests', 'down', 'availability'],
    ['PodClientLatencyP90(s)', 'calls', 'up', 'latency'],
    ['PodWorkload(Ops)', 'traffic', 'either', 'other'],
    ['requests Sum', 'traffic', 'either', 'other'],
    ['CpuUsageRate(%)', 'resource', 'either', 'other'],
    ['NetworkReceiveBytes', 'resource', 'either', 'other'],
    ['disk_queue', 'resource', 'either', 'other'],
    ['NodeCpuUsageRate(%)', 'host', 'either', 'other'],
  ] as const)('%s is of the family %s, worse %s', (name, family, worse, measure) => {
    expect(metricKind(name)).toEqual({ family, worse, measure });
  });
});
