/**
 * What operations people know about the resources that metrics measure: what a shortage does to users, what to look
 * at, what keeps it from coming back. Rules over names, so that an explanation needs no language model.
 */
export interface Resource {
  readonly name: string;
  /** Words in a metric's name. */
  readonly words: readonly string[];
  readonly impact: string;
  readonly action: string;
  readonly prevention: string;
}

export const resources: readonly Resource[] = [
  {
    name: 'errors',
    words: ['error', 'errors', 'failure', 'failures', 'fault', 'status_5xx', '5xx', 'exceptions'],
    impact: 'Requests fail, so users see errors.',
    action:
      'Read the error lines of the instance from just before the anomaly and compare them with the last deployment.',
    prevention:
      'Alert on the error rate against its own budget, and roll releases back by themselves when it is spent.',
  },
  {
    name: 'latency',
    words: ['latency', 'duration', 'response', 'wait', 'p50', 'p95', 'p99', 'rtt'],
    impact: 'Answers take longer, and callers with short time limits give up.',
    action: 'Trace slow requests to the step that waits: a lock, a query, a dependency or a full queue.',
    prevention:
      'Give every call to a dependency a time limit and a breaker, and test under the load of the busiest hour.',
  },
  {
    name: 'processor',
    words: ['cpu', 'load', 'steal', 'throttle', 'throttled', 'runqueue'],
    impact: 'Work waits for the processor, so everything on the instance slows down.',
    action: 'Find the process that uses the processor, and move work away or add an instance.',
    prevention: 'Set processor limits for each workload and scale out before the saturation seen here.',
  },
  {
    name: 'memory',
    words: ['memory', 'mem', 'heap', 'swap', 'gc', 'oom', 'rss'],
    impact: 'The instance runs out of memory, pauses to collect or is ended by the system.',
    action: 'Take a heap profile while the memory is in use, then restart the process that holds it.',
    prevention: 'Limit the memory of each process and watch its growth between restarts for a leak.',
  },
  {
    name: 'disk',
    words: ['disk', 'io', 'iops', 'filesystem', 'inode', 'volume', 'write', 'read'],
    impact: 'Reads and writes wait or fail, which stops logs, databases and uploads.',
    action: 'Check free space and the busiest writer, then free space or move the writer.',
    prevention: 'Rotate logs by size, alert on the days left until the volume is full, and keep reserves.',
  },
  {
    name: 'network',
    words: [
      'network',
      'net',
      'retransmit',
      'retransmits',
      'tcp',
      'packet',
      'packets',
      'dropped',
      'bandwidth',
      'in',
      'out',
    ],
    impact: 'Connections are slow or break, so dependent services see time-outs.',
    action:
      'Look at retransmissions and drops on both ends, then at the link and the name service between them.',
    prevention: 'Spread instances over zones and keep retries few, with a growing wait between them.',
  },
  {
    name: 'queue',
    words: ['queue', 'backlog', 'lag', 'pending', 'depth', 'waiting'],
    impact: 'Work piles up, so results arrive late.',
    action: 'Compare what comes in with what is taken out, and add consumers or slow the senders.',
    prevention:
      'Scale consumers on the age of the oldest message and refuse work beyond what can be done in time.',
  },
  {
    name: 'connections',
    words: ['connection', 'connections', 'sessions', 'pool', 'threads', 'sockets', 'handles', 'fd'],
    impact: 'New requests find no free connection or thread and wait or are refused.',
    action: 'List who holds the connections or threads and since when, and end what hangs.',
    prevention: 'Bound pools, close what is idle, and alert before the pool is used up.',
  },
  {
    name: 'cache',
    words: ['cache', 'hit', 'hits', 'miss', 'misses', 'evictions'],
    impact: 'More requests reach the slower store behind the cache.',
    action: 'Check for a flush, an eviction storm or keys that changed with the last deployment.',
    prevention: 'Warm the cache before it takes traffic and protect the store behind it with a limit.',
  },
  {
    name: 'traffic',
    words: ['request', 'requests', 'rps', 'qps', 'throughput', 'rate', 'traffic'],
    impact: 'The instance gets much more or much less work than usual.',
    action: 'Find out who sends the traffic, or why it stopped, at the load balancer.',
    prevention: 'Limit the rate of each caller and alert on traffic that vanishes.',
  },
];

/** The resource that a metric measures; undefined when its name says nothing. Earlier resources win. */
export function resourceOf(metric: string): Resource | undefined {
  const words = new Set(metric.toLowerCase().split(/[^a-z0-9]+/));
  return resources.find((resource) => resource.words.some((word) => words.has(word)));
}
