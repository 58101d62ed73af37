import { api } from './api';
import { formatCount, formatTime } from './format';
import { useLoaded } from './load';
import { Notice } from './notice';

const refreshMs = 10_000;

/** Pipeline runs, newest first. */
export function RunsView() {
  const loaded = useLoaded('runs', api.runs, refreshMs);
  return (
    <>
      <h1>Pipeline runs</h1>
      {loaded.state !== 'ready' ? (
        <Notice loaded={loaded} what="runs" />
      ) : (
        <div class="scroll">
          <table class="runs">
            <thead>
              <tr>
                <th scope="col">Finished</th>
                <th scope="col">Pipeline</th>
                <th scope="col">Scope</th>
                <th scope="col">Result</th>
                <th scope="col">Rows</th>
                <th scope="col">Said</th>
              </tr>
            </thead>
            <tbody>
              {loaded.value.runs.map((run) => (
                <tr key={run.runId}>
                  <td>{formatTime(run.finishedAt)}</td>
                  <td>{run.pipeline}</td>
                  <td>{run.scope}</td>
                  <td>
                    <span class={`state ${run.status}`}>{run.status}</span>
                  </td>
                  <td>
                    {Object.entries(run.counts)
                      .filter(([, count]) => count > 0)
                      .map(([name, count]) => `${name} ${formatCount(count)}`)
                      .join(', ')}
                  </td>
                  <td>
                    {run.errorCode !== null && <code>{run.errorCode}</code>} {run.detail}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}
