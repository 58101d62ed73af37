import { useEffect, useState } from 'preact/hooks';
import { api, rememberKey } from './api';
import { CenterView } from './centerView';
import { Centers } from './centers';
import { Header } from './header';
import { IncidentView } from './incidentView';
import { useLoaded } from './load';
import { Notice } from './notice';
import { useRoute, type Route } from './route';
import { SearchView } from './searchView';
import { isWidePage, titleOfWidePage, WidePage } from './widePage';

const refreshMs = 15_000;

/** The frame: header with search, the tech centres, and the view that the address names. */
export function App() {
  const route = useRoute();
  const [attempt, setAttempt] = useState(0);
  const status = useLoaded(`status ${attempt}`, api.status, refreshMs);

  if (status.state === 'failed' && status.error.status === 401) {
    return <KeyForm onKey={() => setAttempt(attempt + 1)} />;
  }
  const centers = status.state === 'ready' ? status.value.centers : [];
  const chosen = route.view === 'center' ? (route.techCenter ?? centers[0]?.techCenter) : undefined;
  useTitle(titleOf(route, chosen));

  return (
    <>
      <a class="skip" href="#main" onClick={focusMain}>
        Skip to content
      </a>
      <Header route={route} />
      {isWidePage(route) ? (
        <main id="main" class="wide" tabIndex={-1}>
          <WidePage route={route} />
        </main>
      ) : (
        <div class="columns">
          <nav aria-label="Tech centres">
            {status.state === 'ready' ? (
              <Centers status={status.value} chosen={chosen} />
            ) : (
              <Notice loaded={status} what="tech centres" />
            )}
          </nav>
          <main id="main" tabIndex={-1}>
            {route.view === 'search' && <SearchView text={route.text} />}
            {route.view === 'incident' && <IncidentView number={route.number} />}
            {route.view === 'center' && chosen !== undefined && (
              <CenterView
                techCenter={chosen}
                clusterId={route.clusterId}
                center={centers.find(({ techCenter }) => techCenter === chosen)}
              />
            )}
            {route.view === 'center' && chosen === undefined && status.state === 'ready' && (
              <p class="notice">
                No tickets yet. Import some with <code>npx quarterdeck import incidents FILE</code>.
              </p>
            )}
          </main>
        </div>
      )}
    </>
  );
}

function titleOf(route: Route, center: string | undefined): string | undefined {
  if (isWidePage(route)) return titleOfWidePage(route);
  if (route.view === 'incident') return route.number;
  if (route.view === 'search') return route.text;
  return center;
}

function useTitle(title: string | undefined): void {
  useEffect(() => {
    document.title = title ? `${title} – Quarterdeck` : 'Quarterdeck';
  }, [title]);
}

/** The address is the view: a plain fragment link would change it. */
function focusMain(event: Event): void {
  event.preventDefault();
  document.getElementById('main')?.focus();
}

function KeyForm({ onKey }: { onKey: () => void }) {
  return (
    <form
      class="key"
      onSubmit={(event) => {
        event.preventDefault();
        const key = new FormData(event.currentTarget).get('key');
        if (typeof key !== 'string') return;
        rememberKey(key);
        onKey();
      }}
    >
      <label for="key">This installation asks for a function key.</label>
      <input id="key" name="key" type="password" required autocomplete="off" />
      <button>Open the console</button>
    </form>
  );
}
