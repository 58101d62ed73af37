/** What a metric's name says of what it measures, and which way is worse. */

/**
 * `requests`: how the service's own requests go (latency, errors, availability); trouble here may be inherited from
 * what the service depends on. `calls`: how its calls to others go, which tells of them rather than of itself.
 * `resource`: processor, memory, disk, bytes and whatever else is its own. `traffic`: how much it is asked for. `host`:
 * of the machine below, which others share.
 */
export type MetricFamily = 'requests' | 'calls' | 'resource' | 'traffic' | 'host';

export interface MetricKind {
  readonly family: MetricFamily;
  readonly worse: 'up' | 'down' | 'either';
  /** Statistics of one measure (mean, p50, p99 of latency) tell of one thing. */
  readonly measure: 'latency' | 'errors' | 'availability' | 'other';
}

const calls = /\b(client|outgoing|outbound|upstream|egress)\b/;
const host = /^(node|host)\b/;
const success = /\b(success|availab\w*|uptime)\b/;
const failure = /\b(errors?|fail\w*|faults?|exceptions?|5xx|4xx)\b/;
const duration = /\b(latency|duration|response|wait|p50|p9\d)\b/;
const traffic = /\b(requests?|ops|workload|rps|qps|throughput|invocations?)\b/;

export function metricKind(name: string): MetricKind {
  const words = name
    .replace(/([\p{Ll}])(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  const measure = measureOf(words);
  if (host.test(words)) return { family: 'host', worse: 'either', measure };
  if (calls.test(words)) return { family: 'calls', worse: worseFor[measure], measure };
  if (measure !== 'other') return { family: 'requests', worse: worseFor[measure], measure };
  return { family: traffic.test(words) ? 'traffic' : 'resource', worse: 'either', measure };
}

const worseFor = { latency: 'up', errors: 'up', availability: 'down', other: 'either' } as const;

function measureOf(words: string): MetricKind['measure'] {
  if (success.test(words)) return 'availability';
  if (failure.test(words)) return 'errors';
  return duration.test(words) ? 'latency' : 'other';
}
