import type { RoutingStatus } from '../../contracts';
import { formatTime } from './format';

type Canary = NonNullable<RoutingStatus['canary']>;

const minuteMs = 60_000;
const states: Record<Canary['status'], string> = {
  running: '',
  promoting: '',
  completed: 'ok',
  'rolled-back': 'failed',
  aborted: 'partial',
};

/** The canary that is under way, or the last one. */
export function CanaryPanel({ canary }: { canary: RoutingStatus['canary'] }) {
  return (
    <section aria-labelledby="canary-title">
      <h2 id="canary-title">Canary</h2>
      {canary ? (
        <Rollout canary={canary} />
      ) : (
        <p class="notice">
          None yet. Start one with <code>npx quarterdeck anomalies canary start</code>.
        </p>
      )}
    </section>
  );
}

function Rollout({ canary }: { canary: Canary }) {
  const { candidate, shares, stage, status, history } = canary;
  return (
    <>
      <ol class="stages" aria-label="Stages">
        {shares.map((share, index) => (
          <li
            key={share}
            class={index < stage || status === 'completed' ? 'past' : index === stage ? 'now' : ''}
            aria-current={index === stage && status === 'running' ? 'step' : undefined}
          >
            {share} %
          </li>
        ))}
      </ol>
      <dl class="facts row">
        <dt>State</dt>
        <dd>
          <span class={`state ${states[status]}`}>{status}</span> <small>{canary.form}</small>
        </dd>
        <dt>Candidate</dt>
        <dd>
          {candidate.model} {candidate.version}
        </dd>
        <dt>Baked</dt>
        <dd>
          {Math.round(canary.bakedMs / minuteMs)} of {Math.round(canary.bakeMs / minuteMs)} minutes at this
          stage
        </dd>
        <dt>Reason</dt>
        <dd>{canary.reason}</dd>
        <dt>Started</dt>
        <dd>
          {formatTime(canary.startedAt)} by {canary.startedBy}
        </dd>
        {canary.finishedAt !== null && (
          <>
            <dt>Ended</dt>
            <dd>{formatTime(canary.finishedAt)}</dd>
          </>
        )}
      </dl>
      <details>
        <summary>What happened</summary>
        <ul>
          {history.map(({ at, event, detail }) => (
            <li key={`${at} ${event}`}>
              {event}: {detail} <small>{formatTime(at)}</small>
            </li>
          ))}
        </ul>
      </details>
    </>
  );
}
