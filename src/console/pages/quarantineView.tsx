import { api } from './api';
import { formatCount, formatTime } from './format';
import { useLoaded } from './load';
import { Notice } from './notice';
import { linkTo } from './route';

/** Rows that could not become part of the work, and why. */
export function QuarantineView() {
  const loaded = useLoaded('quarantine', api.quarantine);
  return (
    <>
      <h1>Rows set aside</h1>
      {loaded.state !== 'ready' ? (
        <Notice loaded={loaded} what="rows" />
      ) : (
        <>
          <p role="status">
            {formatCount(loaded.value.total)} in all; the newest {formatCount(loaded.value.rows.length)}:
          </p>
          <ul class="results">
            {loaded.value.rows.map(({ source, key, reasonCode, detail, at }) => (
              <li key={`${source} ${key}`}>
                {source === 'preprocess' ? <a href={linkTo.incident(key)}>{key}</a> : key}: {detail}{' '}
                <small>
                  <code>{reasonCode}</code> · {source} · {formatTime(at)}
                </small>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
