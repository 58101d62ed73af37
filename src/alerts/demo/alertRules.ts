import type { AlertSeverity } from '../../contracts';

/** What a monitoring system watches for, as far as the generator needs it. */
export interface AlertRule {
  readonly name: string;
  readonly severity: AlertSeverity;
  readonly description: string;
  /** What it watches: `http`, `database`, `cache`, `queue`, `host`, or the product's name in rules of other origin. */
  readonly technology: string;
  /** Minutes that the condition has to hold before the alert fires. */
  readonly holdMinutes: number;
}

/** The demo's own rules: five kinds of component, each watched for its usual troubles. */
export const demoAlertRules: readonly AlertRule[] = [
  rule(
    'http',
    'HighRequestLatency',
    'critical',
    2,
    'The slowest requests of the service take far longer than agreed',
  ),
  rule('http', 'ErrorRateAboveBudget', 'critical', 1, 'Too many answers of the service are errors'),
  rule(
    'http',
    'DependencyTimeouts',
    'warning',
    1,
    'Calls from the service to what it depends on run out of time',
  ),
  rule(
    'http',
    'RequestQueueGrowing',
    'warning',
    5,
    'Requests wait in the service faster than they are answered',
  ),
  rule(
    'http',
    'CircuitBreakerOpen',
    'high',
    0,
    'The service has stopped calling a dependency that kept failing',
  ),
  rule('http', 'AvailabilityProbeFailed', 'critical', 0, 'The probe from outside got no healthy answer'),
  rule(
    'http',
    'WorkerPoolExhausted',
    'high',
    2,
    'All workers of the service are busy and new requests are refused',
  ),
  rule('http', 'TrafficDropped', 'warning', 5, 'The service gets far fewer requests than usual at this hour'),
  rule('database', 'ConnectionsNearLimit', 'warning', 2, 'Nearly all connections of the database are taken'),
  rule('database', 'SlowStatements', 'warning', 5, 'Statements take several times their usual time'),
  rule('database', 'ReplicationBehind', 'warning', 5, 'The replica lags behind its primary'),
  rule('database', 'LockWaits', 'high', 1, 'Transactions wait for locks'),
  rule('database', 'PrimaryUnreachable', 'critical', 0, 'The primary does not answer'),
  rule('database', 'TransactionsRolledBack', 'warning', 2, 'An unusual share of transactions is rolled back'),
  rule('cache', 'CacheHitShareLow', 'warning', 5, 'Most reads miss the cache and go to the database'),
  rule('cache', 'CacheMemoryFull', 'high', 2, 'The cache throws out entries to make room'),
  rule('cache', 'CacheNodeDown', 'critical', 0, 'A node of the cache does not answer'),
  rule('cache', 'CacheLatencyHigh', 'warning', 1, 'Reads from the cache are slow'),
  rule('queue', 'ConsumersBehind', 'warning', 5, 'Messages come faster than consumers take them'),
  rule('queue', 'BrokerDown', 'critical', 0, 'A broker has left the cluster'),
  rule('queue', 'DeadLettersRising', 'high', 2, 'Messages are given up after several attempts'),
  rule('queue', 'PublishingBlocked', 'critical', 1, 'The broker holds publishers back'),
  rule('host', 'ProcessorBusy', 'warning', 5, 'The processor of the host has been busy without pause'),
  rule('host', 'MemoryNearlyFull', 'warning', 2, 'Little memory is left on the host'),
  rule('host', 'DiskFillingUp', 'low', 5, 'The disk will be full within a day at this rate'),
  rule('host', 'ContainerRestarting', 'high', 0, 'The container has restarted again'),
  rule('host', 'ClockDrifting', 'info', 5, 'The clock of the host departs from the reference'),
  rule('host', 'NetworkPacketsLost', 'warning', 1, 'The host loses packets'),
];

function rule(
  technology: string,
  name: string,
  severity: AlertSeverity,
  holdMinutes: number,
  description: string,
): AlertRule {
  return { technology, name, severity, holdMinutes, description };
}
