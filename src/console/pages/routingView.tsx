import type { RoutingStatus } from '../../contracts';
import { anomalyApi } from './anomalyApi';
import { CanaryPanel } from './canaryPanel';
import { formatCount, formatScore, formatTime } from './format';
import { useLoaded } from './load';
import { Notice } from './notice';
import { RoutingTestPanel } from './routingTest';
import { ShareBar } from './shareBar';

const refreshMs = 10_000;

/** Who answers whom: weights, canary, the check of the split, and a test. */
export function RoutingView() {
  const loaded = useLoaded('routing', anomalyApi.routing, refreshMs);
  return (
    <>
      <h1>Routing</h1>
      {loaded.state !== 'ready' ? (
        <Notice loaded={loaded} what="routing" />
      ) : (
        <>
          <Traffic routing={loaded.value} />
          {loaded.value.effective && <RoutingTestPanel />}
          <CanaryPanel canary={loaded.value.canary} />
        </>
      )}
    </>
  );
}

const because: Record<NonNullable<RoutingStatus['effective']>['because'], string> = {
  weights: 'as the weights say',
  canary: 'a canary is under way',
  'no-challenger': 'there is no challenger',
};

function Traffic({
  routing: { weights, effective, shadow, split, changedAt, changedBy },
}: {
  routing: RoutingStatus;
}) {
  return (
    <section aria-labelledby="traffic-title">
      <h2 id="traffic-title">Traffic</h2>
      {effective ? (
        <ShareBar challengerShare={effective.challengerShare} />
      ) : (
        <p class="notice">
          No champion is set. Promote a trained model with <code>npx quarterdeck anomalies promote</code>.
        </p>
      )}
      <dl class="facts row">
        {effective && (
          <>
            <dt>Champion</dt>
            <dd>
              {effective.champion.model} {effective.champion.version}
            </dd>
            <dt>Challenger</dt>
            <dd>
              {effective.challenger
                ? `${effective.challenger.model} ${effective.challenger.version}`
                : 'none'}
              {shadow && ' (scores silently)'}
            </dd>
            <dt>Why</dt>
            <dd>{because[effective.because]}</dd>
          </>
        )}
        <dt>Weights</dt>
        <dd>
          {weights.champion} : {weights.challenger}{' '}
          <small>
            (set by {changedBy}, {formatTime(changedAt)})
          </small>
        </dd>
        <dt>Answered so far</dt>
        <dd>
          {formatCount(split.champion)} : {formatCount(split.challenger)} units{' '}
          <small>(p = {formatScore(split.p)})</small>
        </dd>
      </dl>
      {split.mismatch && (
        <p class="notice failed" role="alert">
          The split is not what the weights say: comparing champion and challenger would mislead.
        </p>
      )}
    </section>
  );
}
