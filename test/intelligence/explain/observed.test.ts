import { expect, test } from '@jest/globals';
import { readFeature } from '../../../src/intelligence/explain/observed';
import { resourceOf } from '../../../src/intelligence/explain/resources';

test.each([
  ['cpu_percent__value', ['cpu_percent'], 'cpu_percent'],
  ['cpu_percent__mean_15m', ['cpu_percent'], 'the 15-minute mean of cpu_percent'],
  ['cpu_percent__lag_5m', ['cpu_percent'], 'cpu_percent 5 minutes before'],
  ['cpu_percent__change_1m', ['cpu_percent'], 'the change of cpu_percent over 1 minutes'],
  ['requests_total__rate_15m', ['requests_total'], 'the 15-minute rate per second of requests_total'],
  ['a__per__b', ['a', 'b'], 'the ratio of a to b'],
  ['a__correlation_15m__b', ['a', 'b'], 'the correlation of a with b'],
  ['template_0af3__count_15m', [], 'the count of log template 0af3'],
  ['error_count_15m', [], 'error count 15m'],
  ['isolation_forest_score', [], 'isolation forest score'],
])('%s is said in words', (name, metrics, words) => {
  expect(readFeature(name)).toEqual({ metrics, words });
});

test.each([
  ['latency_p95_ms', 'latency'],
  ['error_percent', 'errors'],
  ['disk_queue', 'disk'],
  ['system.cpu.utilization', 'processor'],
  ['network_in_mbps', 'network'],
  ['m07', undefined],
])('%s measures %s', (metric, name) => {
  expect(resourceOf(metric)?.name).toBe(name);
});
