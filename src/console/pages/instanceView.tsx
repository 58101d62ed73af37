import { useState } from 'preact/hooks';
import { anomalyApi } from './anomalyApi';
import { ContributionBars } from './contributionBars';
import { ExplainRow } from './explainRow';
import { formatCount, formatScore, formatShare, formatTime } from './format';
import { useLoaded } from './load';
import { Notice } from './notice';
import { linkTo } from './route';
import { ScoreChart } from './scoreChart';
import { scoreAt, standingVerdicts, type RowVerdict, type Score } from './scoreSeries';
import { SurroundingsPanel } from './surroundingsPanel';

const refreshMs = 60_000;
const lengths = [360, 1_440, 10_000] as const;

/** Scores of one instance over time, and what moved the one that is chosen. */
export function InstanceView({ instance, at }: { instance: string; at: string | undefined }) {
  const [limit, setLimit] = useState<number>(lengths[1]);
  const loaded = useLoaded(
    `scores ${instance} ${limit}`,
    (signal) => anomalyApi.scores(instance, limit, signal),
    refreshMs,
  );
  const reviews = useLoaded(`reviews ${instance}`, async (signal) =>
    standingVerdicts(await anomalyApi.reviews(instance, signal)),
  );
  const verdicts = reviews.state === 'ready' ? reviews.value : none;
  return (
    <>
      <p class="crumbs">
        <a href={linkTo.anomalies()}>Anomalies</a>
      </p>
      <div class="title-row">
        <h1>{instance}</h1>
        <label>
          The newest{' '}
          <select value={limit} onChange={(event) => setLimit(Number(event.currentTarget.value))}>
            {lengths.map((length) => (
              <option key={length} value={length}>
                {formatCount(length)} scores
              </option>
            ))}
          </select>
        </label>
      </div>
      {reviews.state === 'failed' && <Notice loaded={reviews} what="verdicts" />}
      {loaded.state !== 'ready' ? (
        <Notice loaded={loaded} what="scores" />
      ) : loaded.value.scores.length === 0 ? (
        <p class="notice">Nothing of {instance} has been scored yet.</p>
      ) : (
        <Scores instance={instance} scores={loaded.value.scores} verdicts={verdicts} at={at} />
      )}
    </>
  );
}

const none: readonly RowVerdict[] = [];

interface ScoresProperties {
  instance: string;
  scores: readonly Score[];
  verdicts: readonly RowVerdict[];
  at: string | undefined;
}

function Scores({ instance, scores, verdicts, at }: ScoresProperties) {
  const chosen = at === undefined ? undefined : scoreAt(scores, at);
  return (
    <>
      <section aria-labelledby="scores-title">
        <h2 id="scores-title">Scores over time</h2>
        <p class="hint">Choose a point to see what moved it. Scroll or pinch to zoom.</p>
        <ScoreChart
          scores={scores}
          verdicts={verdicts}
          chosenAt={chosen?.at}
          onRow={(row) => (location.hash = linkTo.anomalies(instance, row))}
        />
        <AnomalyList instance={instance} scores={scores} chosenAt={chosen?.at} />
      </section>
      {at !== undefined && !chosen && (
        <p class="notice">The row of {formatTime(at)} is not among these scores.</p>
      )}
      {chosen && (
        <Row
          key={chosen.at}
          instance={instance}
          score={chosen}
          verdicts={verdicts.filter((verdict) => verdict.at === chosen.at)}
        />
      )}
    </>
  );
}

/** As many as fit below the chart. */
const listed = 12;

function AnomalyList({
  instance,
  scores,
  chosenAt,
}: {
  instance: string;
  scores: readonly Score[];
  chosenAt: string | undefined;
}) {
  const rows = [
    ...new Set(scores.filter(({ label, role }) => label === 1 && role !== 'shadow').map(({ at }) => at)),
  ];
  if (rows.length === 0) return <p class="hint">No anomalies among these scores.</p>;
  const newest = rows.slice(-listed).toReversed();
  return (
    <>
      <h3>
        {rows.length > listed ? `The newest ${listed} of ${formatCount(rows.length)} anomalies` : 'Anomalies'}
      </h3>
      <ul class="chips">
        {newest.map((at) => (
          <li key={at}>
            <a href={linkTo.anomalies(instance, at)} aria-current={at === chosenAt ? 'true' : undefined}>
              {formatTime(at)}
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}

function Row({
  instance,
  score,
  verdicts,
}: {
  instance: string;
  score: Score;
  verdicts: readonly RowVerdict[];
}) {
  return (
    <>
      <section class="panel" aria-labelledby="row-title">
        <a class="close" href={linkTo.anomalies(instance)} aria-label="Close this row">
          ✕
        </a>
        <h2 id="row-title">{formatTime(score.at)}</h2>
        <dl class="facts row">
          <dt>Score</dt>
          <dd>
            {formatScore(score.score)}{' '}
            <span class={`state ${score.label === 1 ? 'failed' : 'ok'}`}>
              {score.label === 1 ? 'anomaly' : 'normal'}
            </span>{' '}
            <small>
              (threshold {formatScore(score.threshold)}, confidence {formatShare(score.confidence)})
            </small>
          </dd>
          <dt>Model</dt>
          <dd>
            {score.model} {score.version}, as {score.role}
          </dd>
          {verdicts.map(({ verdict, reviewers }) => (
            <>
              <dt>People say</dt>
              <dd>
                {verdict} <small>({reviewers.join(', ')})</small>
              </dd>
            </>
          ))}
        </dl>
        <h3>What moved it</h3>
        <ContributionBars contributions={score.contributions} />
        <h3>Metrics in the hour before</h3>
        <SurroundingsPanel instance={instance} at={score.at} />
      </section>
      <ExplainRow instance={instance} score={score} />
    </>
  );
}
