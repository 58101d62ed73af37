import { useEffect, useState } from 'preact/hooks';

/** What the address shows: `#/centers/Network`, `#/centers/Network/c-1a2b`, `#/incidents/INC001`, `#/search/vpn`, `#/runs`. */
export type Route =
  | {
      readonly view: 'center';
      readonly techCenter: string | undefined;
      readonly clusterId: string | undefined;
    }
  | { readonly view: 'incident'; readonly number: string }
  | { readonly view: 'search'; readonly text: string }
  | { readonly view: 'quarantine' }
  | { readonly view: 'runs' };

export function parseRoute(hash: string): Route {
  const [view, first, second] = hash.replace(/^#\/?/, '').split('/').map(decode);
  if (view === 'incidents' && first) return { view: 'incident', number: first };
  if (view === 'search') return { view: 'search', text: first ?? '' };
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
