import { createHash } from 'node:crypto';
import { longestObservedName } from '../../../contracts';

const digestCharacters = 10;

/**
 * A metric's name with the labels that tell its series apart, in Prometheus's notation with the names sorted:
 * `http_requests{code="500",method="GET"}`. A name that is too long keeps its start and gets a digest of the whole.
 */
export function seriesName(metric: string, labels: Readonly<Record<string, unknown>>): string {
  const pairs = Object.entries(labels)
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(
      ([name, value]) =>
        `${name}=${JSON.stringify(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))}`,
    );
  const name = pairs.length === 0 ? metric : `${metric}{${pairs.join(',')}}`;
  if (name.length <= longestObservedName) return name;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, digestCharacters);
  return `${name.slice(0, longestObservedName - digestCharacters - 1)}#${digest}`;
}
