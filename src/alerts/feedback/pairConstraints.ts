import type { Alert } from '../../contracts';

/**
 * Names an alert over time: `service/name` of a kind of alert at a service, or `fingerprint` of one condition. The same
 * storm next time has new ids, and often new instances, but the same keys.
 */
export type AlertKey = string;

/** Two keys whose alerts, when they come near in time, belong together or do not. */
export interface PairConstraint {
  readonly a: AlertKey;
  readonly b: AlertKey;
  /** How far apart in time the pair still counts. */
  readonly withinMinutes: number;
}

export interface PairConstraints {
  /** The most recent opinion first: it wins where two cannot both be kept. */
  readonly mustLink: readonly PairConstraint[];
  readonly cannotLink: readonly PairConstraint[];
}

type Keyed = Pick<Alert, 'service' | 'name' | 'fingerprint'>;

/** Of the kind of alert at its service; without a service only the fingerprint tells. */
export function kindKey({ service, name, fingerprint }: Keyed): AlertKey {
  return service === null ? conditionKey({ fingerprint }) : `kind ${JSON.stringify([service, name])}`;
}

export function conditionKey({ fingerprint }: Pick<Alert, 'fingerprint'>): AlertKey {
  return `fingerprint ${fingerprint}`;
}

/** Every key that an alert answers to. */
export function keysOf(alert: Keyed): readonly AlertKey[] {
  return alert.service === null ? [conditionKey(alert)] : [kindKey(alert), conditionKey(alert)];
}
