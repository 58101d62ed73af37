import type { ClusterList, PipelineStatus } from '../../contracts';
import { api } from './api';
import { ClusterPanel } from './clusterPanel';
import { ClusterTable } from './clusterTable';
import { formatCount, formatShare, formatTime } from './format';
import { useLoaded } from './load';
import { MapChart } from './mapChart';
import { Notice } from './notice';
import { linkTo } from './route';

interface Properties {
  techCenter: string;
  clusterId: string | undefined;
  center: PipelineStatus['centers'][number] | undefined;
}

/** One tech centre: its clusters as a table and as a map, what is new, and the cluster that is chosen. */
export function CenterView({ techCenter, clusterId, center }: Properties) {
  // A promotion or a finished prediction changes what there is to see.
  const version = `${center?.modelVersion} ${center?.lastRuns.predict?.runId}`;
  const clusters = useLoaded(`clusters ${techCenter} ${version}`, (signal) =>
    api.clusters(techCenter, signal),
  );
  const map = useLoaded(`map ${techCenter} ${version}`, (signal) => api.map(techCenter, signal));
  if (center?.state === 'untrained') {
    return (
      <>
        <h1>{techCenter}</h1>
        <p class="notice">
          No model yet. Train one with <code>npx quarterdeck train --tech-center "{techCenter}"</code>.
        </p>
      </>
    );
  }
  return (
    <>
      <h1>{techCenter}</h1>
      {center?.fallback && (
        <p class="notice failed" role="alert">
          Version {center.fallback.wanted} cannot be used: {center.fallback.reason}. Serving{' '}
          {center.fallback.used ?? 'nothing'}.
        </p>
      )}
      {center && <Troubles center={center} />}
      {clusters.state === 'ready' ? (
        <Summary list={clusters.value} />
      ) : (
        <Notice loaded={clusters} what="clusters" />
      )}
      {clusterId !== undefined && <ClusterPanel techCenter={techCenter} id={clusterId} />}
      {map.state === 'ready' ? (
        <MapChart
          map={map.value}
          chosenId={clusterId}
          onCluster={(id) => (location.hash = linkTo.cluster(techCenter, id))}
          onTicket={(number) => (location.hash = linkTo.incident(number))}
        />
      ) : (
        <Notice loaded={map} what="map" />
      )}
      {clusters.state === 'ready' && <ClusterTable list={clusters.value} chosenId={clusterId} />}
    </>
  );
}

/** The last run of each pipeline that did not end well, in its own words. */
function Troubles({ center }: { center: PipelineStatus['centers'][number] }) {
  const runs = Object.values(center.lastRuns).filter(
    (run) => run?.status === 'failed' || run?.status === 'partial',
  );
  return (
    <>
      {runs.map(
        (run) =>
          run && (
            <p class="notice failed" key={run.runId}>
              Last {run.pipeline} run ({formatTime(run.finishedAt)}): {run.detail ?? run.status}{' '}
              {run.errorCode !== null && <code>{run.errorCode}</code>}
            </p>
          ),
      )}
    </>
  );
}

function Summary({ list }: { list: ClusterList }) {
  const born = list.clusters.filter(({ isNew }) => isNew).length;
  const thisWeek = list.clusters.reduce((sum, { incidentsThisWeek }) => sum + incidentsThisWeek, 0);
  return (
    <dl class="facts row">
      <dt>Model</dt>
      <dd>{list.version}</dd>
      <dt>Trained</dt>
      <dd>{formatTime(list.trainedAt)}</dd>
      <dt>Clusters</dt>
      <dd>
        {formatCount(list.clusters.length)} ({formatCount(born)} new, {formatCount(list.deaths.length)} ended)
      </dd>
      <dt>Tickets this week</dt>
      <dd>{formatCount(thisWeek)}</dd>
      <dt>Noise</dt>
      <dd>{formatShare(list.predicted === 0 ? null : list.noise / list.predicted)}</dd>
    </dl>
  );
}
