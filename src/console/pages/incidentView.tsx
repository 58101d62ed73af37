import { api } from './api';
import { formatShare, formatTime } from './format';
import { useLoaded } from './load';
import { Notice } from './notice';
import { linkTo } from './route';

/** One ticket with everything that was predicted for it. */
export function IncidentView({ number }: { number: string }) {
  const loaded = useLoaded(`incident ${number}`, (signal) => api.incident(number, signal));
  if (loaded.state !== 'ready') return <Notice loaded={loaded} what={`ticket ${number}`} />;
  const incident = loaded.value;
  return (
    <article>
      <h1>{incident.shortDescription || incident.number}</h1>
      <dl class="facts row">
        <dt>Ticket</dt>
        <dd>{incident.number}</dd>
        <dt>Tech centre</dt>
        <dd>
          <a href={linkTo.center(incident.techCenter)}>{incident.techCenter}</a>
        </dd>
        <dt>Opened</dt>
        <dd>{formatTime(incident.createdOn)}</dd>
        {incident.priority !== null && (
          <>
            <dt>Priority</dt>
            <dd>{incident.priority}</dd>
          </>
        )}
        {incident.state !== null && (
          <>
            <dt>State</dt>
            <dd>{incident.state}</dd>
          </>
        )}
      </dl>
      {incident.quarantined && (
        <p class="notice failed">
          Set aside: {incident.quarantined.detail} <code>{incident.quarantined.reasonCode}</code>
        </p>
      )}
      <h2>Clusters</h2>
      {incident.predictions.length === 0 && <p class="notice">Not predicted yet.</p>}
      <ul>
        {incident.predictions.map((prediction) => (
          <li key={prediction.modelVersion}>
            {prediction.clusterId === null ? (
              prediction.topic
            ) : (
              <a href={linkTo.cluster(incident.techCenter, prediction.clusterId)}>{prediction.topic}</a>
            )}{' '}
            <small>
              {prediction.isSuggestion ? 'noise; nearest theme' : formatShare(prediction.confidence)} ·{' '}
              {prediction.domainName} · {prediction.modelVersion} · {formatTime(prediction.predictedAt)}
            </small>
          </li>
        ))}
      </ul>
      <h2>Description</h2>
      <pre class="description">{incident.description}</pre>
      {incident.summary !== null && (
        <>
          <h2>Summary that was embedded</h2>
          <p>{incident.summary}</p>
        </>
      )}
    </article>
  );
}
