import { createHash } from 'node:crypto';
import { timestampMs, toTimestamp, type Alert, type ServiceGraph, type Timestamp } from '../../contracts';
import { conditionOf, type Firing } from './firing';

const minuteMs = 60_000;

/** A firing as its monitoring system reports it. */
export function writeAlert(
  firing: Firing,
  number: number,
  graph: ServiceGraph,
  { seed, startAt }: { readonly seed: number; readonly startAt: Timestamp },
): Alert {
  const { node, rule, instance, minute, endMinute, again } = firing;
  const service = graph.nodes[node]!;
  const origin = timestampMs(startAt);
  const at = (minutes: number): Timestamp => toTimestamp(Math.round(origin + minutes * minuteMs));
  return {
    id: `alert-${seed}-${String(number + 1).padStart(6, '0')}`,
    source: again === 'relayed' ? 'pagerduty' : 'alertmanager',
    name: rule.name,
    service: service.name,
    resource: instance,
    severity: rule.severity,
    status: 'resolved',
    startsAt: at(minute),
    endsAt: at(endMinute),
    labels: {
      alertname: rule.name,
      service: service.name,
      ...(instance === null ? {} : { instance }),
      ...(service.team === null ? {} : { team: service.team }),
    },
    description: `${rule.description} (${instance ?? service.name})`,
    fingerprint: createHash('sha256').update(conditionOf(firing)).digest('hex').slice(0, 16),
  };
}
