import type { ModelTable } from '../../contracts';
import { anomalyApi } from './anomalyApi';
import { ExperimentReport } from './experimentReport';
import { formatCount, formatDay, formatScore, formatTime } from './format';
import { useLoaded } from './load';
import { Notice } from './notice';

type Version = ModelTable['versions'][number];

/** Versions of the anomaly models side by side, and how champion and challenger compare. */
export function ModelsView() {
  const models = useLoaded('models', anomalyApi.models);
  const routing = useLoaded('routing', anomalyApi.routing);
  return (
    <>
      <h1>Anomaly models</h1>
      {models.state === 'ready' ? (
        <Versions table={models.value} />
      ) : (
        <Notice loaded={models} what="models" />
      )}
      <section aria-labelledby="experiment-title">
        <h2 id="experiment-title">Champion against challenger</h2>
        {routing.state === 'ready' ? (
          <ExperimentReport experiment={routing.value.experiment} />
        ) : (
          <Notice loaded={routing} what="comparison" />
        )}
      </section>
    </>
  );
}

/** What is looked at first; what else a version was measured by follows by name. */
const firstMetrics = ['f1', 'precision', 'recall', 'averagePrecision', 'rocAuc'];

function metricNames(versions: readonly Version[]): string[] {
  const names = new Set(versions.flatMap(({ metrics }) => Object.keys(metrics)));
  const first = firstMetrics.filter((name) => names.has(name));
  return [...first, ...[...names].filter((name) => !first.includes(name)).sort()];
}

function Versions({ table: { versions } }: { table: ModelTable }) {
  if (versions.length === 0) {
    return (
      <p class="notice">
        No models yet. Train some with <code>npx quarterdeck anomalies train</code>.
      </p>
    );
  }
  const names = metricNames(versions);
  const best = new Map(names.map((name) => [name, bestOf(versions, name)]));
  return (
    <section aria-labelledby="versions-title">
      <h2 id="versions-title">Versions</h2>
      <div class="scroll" tabIndex={0} role="group" aria-labelledby="versions-title">
        <table class="versions">
          <thead>
            <tr>
              <th scope="col">Model</th>
              {names.map((name) => (
                <th key={name} scope="col" class="numeric">
                  {name}
                </th>
              ))}
              <th scope="col">Data</th>
              <th scope="col">Made</th>
            </tr>
          </thead>
          <tbody>
            {versions.map((version) => (
              <tr
                key={`${version.model} ${version.version}`}
                class={version.aliases.length > 0 ? 'chosen' : ''}
              >
                <th scope="row">
                  {version.model} <small>{version.version}</small>{' '}
                  {version.aliases.map((alias) => (
                    <span key={alias} class={`badge ${alias}`}>
                      {alias}
                    </span>
                  ))}
                  {version.withdrawn && <span class="state failed"> withdrawn</span>}
                  <Parameters version={version} />
                </th>
                {names.map((name) => {
                  const value = version.metrics[name] ?? null;
                  return (
                    <td key={name} class="numeric">
                      {value !== null && value === best.get(name) ? (
                        <strong>{formatScore(value)}</strong>
                      ) : (
                        formatScore(value)
                      )}
                    </td>
                  );
                })}
                <td>
                  {formatDay(version.dataWindow.from)} – {formatDay(version.dataWindow.to)}
                  <small class="under">{formatCount(version.dataWindow.rows)} rows</small>
                </td>
                <td>
                  {formatTime(version.createdAt)}
                  <small class="under">
                    code {version.codeVersion}, seed {version.seed}
                  </small>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** Larger is better for these; others have no best. */
function bestOf(versions: readonly Version[], name: string): number | undefined {
  if (!firstMetrics.includes(name) || versions.length < 2) return undefined;
  return Math.max(...versions.map(({ metrics }) => metrics[name] ?? Number.NEGATIVE_INFINITY));
}

function Parameters({ version: { parameters } }: { version: Version }) {
  const entries = Object.entries(parameters);
  if (entries.length === 0) return null;
  return (
    <details>
      <summary>Parameters</summary>
      <dl class="facts">
        {entries.map(([name, value]) => (
          <>
            <dt>{name}</dt>
            <dd>{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
          </>
        ))}
      </dl>
    </details>
  );
}
