import { useEffect } from 'preact/hooks';
import type { ClusterDetail } from '../../contracts';
import { api } from './api';
import { formatCount, formatDay, formatShare, formatTrend } from './format';
import { useLoaded } from './load';
import { Notice } from './notice';
import { linkTo } from './route';
import { WeekChart } from './weekChart';

const events: Record<ClusterDetail['event'], string> = {
  born: 'new in',
  kept: 'carried on in',
  split: 'split off in',
  merged: 'merged from several in',
};

/** Everything about one cluster. */
export function ClusterPanel({ techCenter, id }: { techCenter: string; id: string }) {
  const loaded = useLoaded(`cluster ${techCenter} ${id}`, (signal) => api.cluster(id, techCenter, signal));
  useEffect(() => {
    const close = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') location.hash = linkTo.center(techCenter);
    };
    addEventListener('keydown', close);
    return () => removeEventListener('keydown', close);
  }, [techCenter]);
  if (loaded.state !== 'ready') return <Notice loaded={loaded} what="cluster" />;
  const cluster = loaded.value;
  const { from, firstVersion, event } = cluster.lineage;
  return (
    <section class="panel" aria-labelledby="cluster-title">
      <a class="close" href={linkTo.center(techCenter)} aria-label="Close this cluster">
        ✕
      </a>
      <h2 id="cluster-title">{cluster.topic}</h2>
      <dl class="facts row">
        <dt>Domain</dt>
        <dd>{cluster.domainName}</dd>
        <dt>Tickets</dt>
        <dd>
          {formatCount(cluster.size)} ({formatShare(cluster.share)})
        </dd>
        <dt>Trend</dt>
        <dd>{formatTrend(cluster.trend)}</dd>
        <dt>Identity</dt>
        <dd>
          <code>{cluster.id}</code>, {events[event]} {cluster.version}, first seen in {firstVersion}
          {event !== 'kept' && from.length > 0 && `; from ${from.map(({ stableId }) => stableId).join(', ')}`}
        </dd>
        <dt>Keywords</dt>
        <dd>{cluster.keywords.join(', ')}</dd>
      </dl>
      <WeekChart weeks={cluster.weeks} />
      <div class="pair">
        <div>
          <h3>Representative tickets</h3>
          <ul>
            {cluster.representatives.map(({ number, title }) => (
              <li key={number}>
                <a href={linkTo.incident(number)}>{title}</a> <small>{number}</small>
              </li>
            ))}
          </ul>
        </div>
        <div>
          <h3>Newest tickets</h3>
          <ul>
            {cluster.newest.map(({ number, title, createdOn, confidence }) => (
              <li key={number}>
                <a href={linkTo.incident(number)}>{title}</a>{' '}
                <small>
                  {formatDay(createdOn)}, {formatShare(confidence)}
                </small>
              </li>
            ))}
          </ul>
        </div>
      </div>
    </section>
  );
}
