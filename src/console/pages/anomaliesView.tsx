import { useState } from 'preact/hooks';
import type { ScoredInstances } from '../../contracts';
import { anomalyApi } from './anomalyApi';
import { formatCount, formatScore, formatTime } from './format';
import { useLoaded } from './load';
import { Notice } from './notice';
import { linkTo } from './route';

const refreshMs = 30_000;
const windows = [
  { days: 1, title: 'last day' },
  { days: 7, title: 'last 7 days' },
  { days: 30, title: 'last 30 days' },
  { days: 365, title: 'last year' },
] as const;

/** Instances with their last score, alarms, and rows that wait for a verdict. */
export function AnomaliesView() {
  const [days, setDays] = useState(7);
  const loaded = useLoaded(`instances ${days}`, (signal) => anomalyApi.instances(days, signal), refreshMs);
  return (
    <>
      <div class="title-row">
        <h1>Anomalies</h1>
        <label>
          Scores of the{' '}
          <select value={days} onChange={(event) => setDays(Number(event.currentTarget.value))}>
            {windows.map((window) => (
              <option key={window.days} value={window.days}>
                {window.title}
              </option>
            ))}
          </select>
        </label>
      </div>
      {loaded.state === 'ready' ? (
        <Instances list={loaded.value} />
      ) : (
        <Notice loaded={loaded} what="instances" />
      )}
    </>
  );
}

function Instances({ list: { instances } }: { list: ScoredInstances }) {
  if (instances.length === 0) {
    return (
      <p class="notice">
        No scores in this time, and nothing waits for review. Send metrics to{' '}
        <code>POST /api/ingest/metrics</code> or rows to <code>POST /api/anomaly</code>, or look further back.
      </p>
    );
  }
  const alarms = instances.reduce((sum, instance) => sum + instance.alarms, 0);
  const open = instances.reduce((sum, instance) => sum + instance.openReviews, 0);
  return (
    <section aria-labelledby="instances-title">
      <h2 id="instances-title">Instances</h2>
      <p role="status" class="hint">
        {formatCount(instances.length)} instances, {formatCount(alarms)} alarms,{' '}
        {open === 0 ? (
          'nothing waits for review'
        ) : (
          <a href={linkTo.reviews()}>{formatCount(open)} to review</a>
        )}
        .
      </p>
      <div class="scroll">
        <table class="instances">
          <thead>
            <tr>
              <th scope="col">Instance</th>
              <th scope="col" class="numeric">
                Last score
              </th>
              <th scope="col">State</th>
              <th scope="col" class="numeric">
                Alarms
              </th>
              <th scope="col" class="numeric">
                To review
              </th>
              <th scope="col">Scored</th>
            </tr>
          </thead>
          <tbody>
            {instances.map((instance) => (
              <tr key={instance.instance}>
                <th scope="row">
                  <a href={linkTo.anomalies(instance.instance)}>{instance.instance}</a>
                </th>
                <td class="numeric">
                  {instance.score === null ? '–' : formatScore(instance.score)}
                  {instance.score !== null && <Meter score={instance.score} label={instance.label} />}
                </td>
                <td>
                  <State label={instance.label} />
                </td>
                <td class="numeric">{formatCount(instance.alarms)}</td>
                <td class="numeric">{formatCount(instance.openReviews)}</td>
                <td>
                  {formatTime(instance.lastAt)}
                  {instance.model !== null && (
                    <small class="under">
                      {instance.model} {instance.modelVersion}
                    </small>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function State({ label }: { label: number | null }) {
  if (label === null) return <span class="state">not scored</span>;
  return label === 1 ? <span class="state failed">anomaly</span> : <span class="state ok">normal</span>;
}

function Meter({ score, label }: { score: number; label: number | null }) {
  return (
    <span class="meter" aria-hidden="true">
      <span class={label === 1 ? 'bad' : ''} style={{ width: `${Math.round(score * 100)}%` }} />
    </span>
  );
}
