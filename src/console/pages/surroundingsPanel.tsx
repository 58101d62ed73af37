import { anomalyApi } from './anomalyApi';
import { formatMeasured } from './format';
import { useLoaded } from './load';
import { Notice } from './notice';
import { Sparkline } from './sparkline';

/** From so many standard deviations on a metric is said to have left its level. */
const farDeviations = 3;

/** What the metrics of an instance did in the hour up to a row, the most unusual first. */
export function SurroundingsPanel({ instance, at }: { instance: string; at: string }) {
  const loaded = useLoaded(`surroundings ${instance} ${at}`, (signal) =>
    anomalyApi.surroundings(instance, at, signal),
  );
  if (loaded.state !== 'ready') return <Notice loaded={loaded} what="metrics" />;
  const { metrics } = loaded.value;
  if (metrics.length === 0) return <p class="notice">No metrics are stored for this hour.</p>;
  return (
    <ul class="metrics" aria-label="Metrics in the hour before">
      {metrics.map(({ metric, kind, unit, deviation, points }) => (
        <li key={metric}>
          <span class="name">{metric}</span>
          <Sparkline values={points.map(({ value }) => value)} />
          <span class="value">
            {formatMeasured(points.at(-1)!.value, unit)}
            {kind === 'counter' && ' more'}
          </span>
          <small class={deviation !== null && Math.abs(deviation) >= farDeviations ? 'far' : ''}>
            {deviation === null
              ? 'level unknown'
              : `${deviation >= 0 ? '+' : '−'}${Math.abs(deviation).toFixed(1)} σ`}
          </small>
        </li>
      ))}
    </ul>
  );
}
