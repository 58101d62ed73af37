import type { Alert } from '../../contracts';

/** A value of an alert that may be the key of a service. */
export interface AlertKey {
  /** Where it stands, for people. */
  readonly field: string;
  readonly value: string;
  /** How far the field can be trusted to name a service, in (0, 1]. */
  readonly trust: number;
}

/** Labels under which monitoring systems name the service, the surest first. */
const serviceLabels = [
  'service',
  'service_name',
  'service.name',
  'app_kubernetes_io_name',
  'app.kubernetes.io/name',
  'app',
  'application',
  'component',
  'deployment',
  'statefulset',
  'daemonset',
  'workload',
  'job',
  'job_name',
  'function',
  'database',
  'queue',
  'topic',
  'container',
] as const;
/** Labels of a machine or pod, whose name begins with that of the service. */
const placeLabels = ['pod', 'pod_name', 'instance', 'host', 'hostname', 'server'] as const;
/** Names what services share rather than one of them, so it is asked last. */
const spaceLabels = ['namespace', 'kubernetes_namespace'] as const;
const naming: ReadonlySet<string> = new Set(serviceLabels);
const asked: ReadonlySet<string> = new Set([...serviceLabels, ...placeLabels, ...spaceLabels]);

const serviceLabelTrust = 0.95;
const resourceTrust = 0.9;
const placeTrust = 0.85;
const spaceTrust = 0.7;

export function namesService(label: string): boolean {
  return naming.has(label);
}

const separator = '\u0000';

/** All that `serviceKey` and `otherKeys` look at, as one text. */
export function keyText({ service, resource, labels }: Alert): string {
  let text = `${service ?? ''}${separator}${resource ?? ''}`;
  for (const label of Object.keys(labels)) {
    if (asked.has(label)) text += `${separator}${label}${separator}${labels[label]}`;
  }
  return text;
}

/** The alert's own service; null where it names none. */
export function serviceKey({ service }: Alert): AlertKey | null {
  return service ? { field: 'service', value: service, trust: 1 } : null;
}

/** Labels and resource that may name a service, in order of trust. */
export function otherKeys({ labels, resource }: Alert): AlertKey[] {
  const keys: AlertKey[] = [];
  const space = spaceLabels.map((label) => ownValue(labels, label)).find((value) => value !== undefined);
  for (const label of serviceLabels) {
    const value = ownValue(labels, label);
    if (!value) continue;
    const field = `label ${label}`;
    const trust = serviceLabelTrust;
    if (space) keys.push({ field: `namespace and ${field}`, value: `${space}/${value}`, trust });
    keys.push({ field, value, trust });
  }
  if (resource) pushPlace(keys, 'resource', resource, resourceTrust);
  for (const label of placeLabels) {
    const value = ownValue(labels, label);
    if (value) pushPlace(keys, `label ${label}`, value, placeTrust);
  }
  if (space) keys.push({ field: 'label namespace', value: space, trust: spaceTrust });
  return keys;
}

function pushPlace(keys: AlertKey[], field: string, value: string, trust: number): void {
  keys.push({ field, value, trust });
  for (const owner of ownersOf(value)) {
    keys.push({ field: `owner of ${field}`, value: owner, trust: Math.min(trust, placeTrust) });
  }
}

/** Endings that Kubernetes gives to pods of deployments, of daemon sets, and of stateful sets. */
const podEndings = [/-[a-f\d]{6,10}-[a-z\d]{5}$/, /-[bcdfghjklmnpqrstvwxz2456789]{5}$/, /-\d{1,4}$/];

/**
 * What a place may be named after: `cart-7d9f8b6c5-x2x1z` and `cart-0` are pods of `cart`, `cart.shop.svc:8080` is a
 * port of it.
 */
function ownersOf(place: string): string[] {
  const host = place.replace(/:\d{1,5}$/, '');
  const first = /^[\d.]+$/.test(host) ? host : host.split('.', 1)[0]!;
  const owners = [host, first, ...podEndings.map((ending) => first.replace(ending, ''))];
  return [...new Set(owners)].filter((owner) => owner !== place && owner !== '');
}

function ownValue(labels: Alert['labels'], label: string): string | undefined {
  return Object.hasOwn(labels, label) ? labels[label] : undefined;
}
