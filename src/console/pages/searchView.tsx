import { api } from './api';
import { formatDay } from './format';
import { useLoaded } from './load';
import { Notice } from './notice';
import { linkTo } from './route';

/** As many as the API gives at once. */
const shown = 50;

/** Tickets whose number or title contains every word. */
export function SearchView({ text }: { text: string }) {
  const loaded = useLoaded(`search ${text}`, (signal) => api.search(text, signal));
  return (
    <>
      <h1>Tickets with “{text}”</h1>
      {loaded.state !== 'ready' ? (
        <Notice loaded={loaded} what="tickets" />
      ) : (
        <>
          <p role="status">
            {loaded.value.incidents.length < shown
              ? `${loaded.value.incidents.length} found`
              : `The newest ${shown}; more words find fewer.`}
          </p>
          <ul class="results">
            {loaded.value.incidents.map(
              ({ number, shortDescription, techCenter, createdOn, topic, clusterId }) => (
                <li key={number}>
                  <a href={linkTo.incident(number)}>{shortDescription || number}</a>{' '}
                  <small>
                    {number} · {techCenter} · {formatDay(createdOn)}
                    {topic !== null && ' · '}
                    {topic !== null &&
                      (clusterId === null ? (
                        topic
                      ) : (
                        <a href={linkTo.cluster(techCenter, clusterId)}>{topic}</a>
                      ))}
                  </small>
                </li>
              ),
            )}
          </ul>
        </>
      )}
    </>
  );
}
