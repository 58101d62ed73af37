import { useEffect, useRef } from 'preact/hooks';
import { linkTo, type Route } from './route';

const places: readonly { view: Route['view']; title: string; link: string }[] = [
  { view: 'center', title: 'Tickets', link: '#/' },
  { view: 'anomalies', title: 'Anomalies', link: linkTo.anomalies() },
  { view: 'alerts', title: 'Alerts', link: linkTo.alerts() },
  { view: 'reviews', title: 'Reviews', link: linkTo.reviews() },
  { view: 'models', title: 'Models', link: linkTo.models() },
  { view: 'routing', title: 'Routing', link: linkTo.routing() },
  { view: 'runs', title: 'Pipeline runs', link: linkTo.runs() },
];

/** The name, the search for tickets, and the pages. */
export function Header({ route }: { route: Route }) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const shortcut = (event: KeyboardEvent): void => {
      if (event.key !== '/' || event.target instanceof HTMLInputElement) return;
      event.preventDefault();
      input.current?.focus();
    };
    addEventListener('keydown', shortcut);
    return () => removeEventListener('keydown', shortcut);
  }, []);
  return (
    <header>
      <a class="brand" href="#/">
        <img src="/console/icon.svg" alt="" width="28" height="28" /> Quarterdeck
      </a>
      <form
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          const text = input.current?.value.trim();
          if (text) location.hash = linkTo.search(text);
        }}
      >
        <input
          ref={input}
          type="search"
          name="search"
          aria-label="Search tickets"
          placeholder="Search tickets ( / )"
          maxLength={200}
        />
      </form>
      <div class="places" role="navigation" aria-label="Pages">
        {places.map(({ view, title, link }) => (
          <a key={view} href={link} aria-current={route.view === view ? 'page' : undefined}>
            {title}
          </a>
        ))}
      </div>
    </header>
  );
}
