import { seededRandom, type Alert } from '../../contracts';

/** Columns that a category takes. */
export const categoryWidth = 4;

/** What kinds of resources labels tell of, the narrowest first. */
const typeOfLabel: readonly (readonly [type: string, labels: readonly string[]])[] = [
  ['container', ['container', 'container_name', 'container_id']],
  ['pod', ['pod', 'pod_name']],
  ['disk', ['device', 'mountpoint', 'persistentvolumeclaim', 'volume', 'disk', 'filesystem']],
  ['network', ['interface', 'nic', 'network', 'load_balancer', 'ingress']],
  ['database', ['database', 'datname', 'db', 'table', 'keyspace', 'index']],
  ['queue', ['queue', 'topic', 'consumergroup', 'partition', 'stream']],
  ['endpoint', ['url', 'endpoint', 'path', 'route', 'handler', 'method']],
  ['function', ['function', 'function_name', 'lambda']],
  ['host', ['instance', 'host', 'hostname', 'node', 'server', 'vm', 'instance_id']],
  ['cluster', ['cluster', 'namespace', 'region', 'zone']],
];
/** Labels that name the type themselves. */
const typeLabels = ['resource_type', 'resourcetype', 'resource_kind', 'kind'] as const;
const mostLabels = 256;

/** What the alert is about: as a label says, else by the labels it carries; `unknown` where none tells. */
export function resourceType({ labels, resource }: Alert): string {
  const named = typeLabels.find((label) => Object.hasOwn(labels, label) && labels[label] !== '');
  if (named) return labels[named]!.toLowerCase();
  const present = new Set<string>();
  let seen = 0;
  for (const label in labels) {
    present.add(label.toLowerCase());
    if (++seen >= mostLabels) break;
  }
  const found = typeOfLabel.find(([, names]) => names.some((name) => present.has(name)));
  return found?.[0] ?? (resource === null ? 'unknown' : 'resource');
}

/** One seed for all places: a category lies where it lay when a model was trained. */
const placeSeed = 20_260_417;

/**
 * Places of categories on a sphere, drawn by their names alone: categories need not be known beforehand, two of them
 * differ in no preferred direction, and the number of columns stays.
 */
export class CategoryPlaces {
  private readonly places = new Map<string, Float32Array>();

  placeOf(category: string): Float32Array {
    let place = this.places.get(category);
    if (!place) this.places.set(category, (place = draw(category)));
    return place;
  }
}

function draw(category: string): Float32Array {
  const random = seededRandom(placeSeed).fork(category);
  const values = Float64Array.from({ length: categoryWidth }, () => random.normal());
  const length = Math.hypot(...values);
  return Float32Array.from(values, (value) => value / length);
}
