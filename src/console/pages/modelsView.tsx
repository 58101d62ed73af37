import type { ModelTable } from '../../contracts';
import { anomalyApi } from './anomalyApi';
import { ExperimentReport } from './experimentReport';
import { formatCount, formatDay, formatScore, formatSize, formatTime } from './format';
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

/** What versions are compared by; larger is better. What else one was measured by is told with its parameters. */
const compared: readonly { name: string; title: string }[] = [
  { name: 'f1', title: 'F1' },
  { name: 'precision', title: 'Precision' },
  { name: 'recall', title: 'Recall' },
  { name: 'aucPr', title: 'AUC-PR' },
  { name: 'averagePrecision', title: 'AUC-PR' },
  { name: 'rocAuc', title: 'ROC AUC' },
];

function comparedIn(versions: readonly Version[]): typeof compared {
  return compared.filter(({ name }) => versions.some(({ metrics }) => name in metrics));
}

function Versions({ table: { versions } }: { table: ModelTable }) {
  if (versions.length === 0) {
    return (
      <p class="notice">
        No models yet. Train some with <code>npx quarterdeck anomalies train</code>.
      </p>
    );
  }
  const columns = comparedIn(versions);
  const best = new Map(columns.map(({ name }) => [name, bestOf(versions, name)]));
  return (
    <section aria-labelledby="versions-title">
      <h2 id="versions-title">Versions</h2>
      <div class="scroll" tabIndex={0} role="group" aria-labelledby="versions-title">
        <table class="versions">
          <thead>
            <tr>
              <th scope="col">Model</th>
              {columns.map(({ name, title }) => (
                <th key={name} scope="col" class="numeric">
                  {title}
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
                {columns.map(({ name }) => {
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

function bestOf(versions: readonly Version[], name: string): number | undefined {
  if (versions.length < 2) return undefined;
  return Math.max(...versions.map(({ metrics }) => metrics[name] ?? Number.NEGATIVE_INFINITY));
}

function Parameters({ version: { parameters, metrics } }: { version: Version }) {
  const others = Object.entries(metrics)
    .filter(([name]) => !compared.some((column) => column.name === name))
    .map(([name, value]): [string, unknown] => [name, value === null ? '–' : formatSize(value)]);
  const entries = [...others, ...Object.entries(parameters)];
  if (entries.length === 0) return null;
  return (
    <details>
      <summary>Figures and parameters</summary>
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
