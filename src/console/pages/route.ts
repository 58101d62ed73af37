import { useEffect, useState } from 'preact/hooks';

/** What the address shows: `#/centers/Network`, `#/centers/Network/c-1a2b`, `#/incidents/INC001`, `#/search/vpn`, `#/runs`, and for anomalies `#/anomalies`, `#/anomalies/web-1/2026-…`, `#/reviews`, `#/models`, `#/routing`; for alerts `#/alerts`, `#/alerts/g-1a2b3c`. */
export type Route =
  | {
      readonly view: 'center';
      readonly techCenter: string | undefined;
      readonly clusterId: string | undefined;
    }
  | { readonly view: 'incident'; readonly number: string }
  | { readonly view: 'search'; readonly text: string }
  | {
      readonly view: 'anomalies';
      readonly instance: string | undefined;
      /** The row that is looked at. */
      readonly at: string | undefined;
    }
  | { readonly view: 'alerts'; readonly groupId: string | undefined }
  | { readonly view: 'reviews' }
  | { readonly view: 'models' }
  | { readonly view: 'routing' }
  | { readonly view: 'quarantine' }
  | { readonly view: 'runs' };

export function parseRoute(hash: string): Route {
  const [view, first, second] = hash.replace(/^#\/?/, '').split('/').map(decode);
  if (view === 'incidents' && first) return { view: 'incident', number: first };
  if (view === 'search') return { view: 'search', text: first ?? '' };
  if (view === 'anomalies') return { view, instance: first || undefined, at: second || undefined };
  if (view === 'alerts') return { view, groupId: first || undefined };
  if (view === 'reviews' || view === 'models' || view === 'routing') return { view };
  if (view === 'quarantine') return { view: 'quarantine' };
  if (view === 'runs') return { view: 'runs' };
  return { view: 'center', techCenter: first || undefined, clusterId: second || undefined };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // An address typed by hand may hold a lone percent sign: then it means itself.
    return part;
  }
}

export const linkTo = {
  center: (techCenter: string) => `#/centers/${encodeURIComponent(techCenter)}`,
  cluster: (techCenter: string, id: string) => `${linkTo.center(techCenter)}/${encodeURIComponent(id)}`,
  incident: (number: string) => `#/incidents/${encodeURIComponent(number)}`,
  search: (text: string) => `#/search/${encodeURIComponent(text)}`,
  anomalies: (instance?: string, at?: string) =>
    ['#/anomalies', instance, at]
      .filter((part) => part !== undefined)
      .map((part, index) => (index === 0 ? part : encodeURIComponent(part)))
      .join('/'),
  alerts: (groupId?: string) =>
    groupId === undefined ? '#/alerts' : `#/alerts/${encodeURIComponent(groupId)}`,
  reviews: () => '#/reviews',
  models: () => '#/models',
  routing: () => '#/routing',
  quarantine: () => '#/quarantine',
  runs: () => '#/runs',
};

export function useRoute(): Route {
  const [route, setRoute] = useState(() => parseRoute(location.hash));
  useEffect(() => {
    const changed = (): void => setRoute(parseRoute(location.hash));
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, []);
  return route;
}
