import type { RoutingStatus } from '../../contracts';
import { formatCount, formatScore, formatShare, formatTime } from './format';

type Experiment = NonNullable<RoutingStatus['experiment']>;

const decisions: Record<Experiment['decision'], string> = {
  running: 'not decided yet',
  challenger: 'the challenger is better',
  champion: 'the champion stays',
  'no-difference': 'no difference was found',
};

/** How champion and challenger compare on rows with verdicts. */
export function ExperimentReport({ experiment }: { experiment: RoutingStatus['experiment'] }) {
  if (!experiment) {
    return <p class="notice">Nothing is compared: there is no challenger, or no report of it yet.</p>;
  }
  const { arms, effect, chiSquare } = experiment;
  const rows = [
    { name: 'Champion', model: experiment.champion, ...arms.champion },
    { name: 'Challenger', model: experiment.challenger, ...arms.challenger },
  ];
  return (
    <>
      <p>
        <strong>{decisions[experiment.decision]}</strong>: {experiment.why}
      </p>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">Arm</th>
              <th scope="col" class="numeric">
                Verdicts
              </th>
              <th scope="col" class="numeric">
                Right
              </th>
              <th scope="col" class="numeric">
                Accuracy
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, model, outcomes, correct, accuracy }) => (
              <tr key={name}>
                <th scope="row">
                  {name}
                  <small class="under">
                    {model.model} {model.version}
                  </small>
                </th>
                <td class="numeric">{formatCount(outcomes)}</td>
                <td class="numeric">{formatCount(correct)}</td>
                <td class="numeric">{formatShare(accuracy)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <dl class="facts row">
        <dt>Difference</dt>
        <dd>
          {formatScore(effect.difference)}{' '}
          <small>
            (between {formatScore(effect.low)} and {formatScore(effect.high)})
          </small>
        </dd>
        <dt>Sequential test</dt>
        <dd>p = {formatScore(experiment.sequentialP)}</dd>
        <dt>Chi-square</dt>
        <dd>
          {formatScore(chiSquare.statistic)}, p = {formatScore(chiSquare.p)}
        </dd>
        <dt>Since</dt>
        <dd>
          {formatTime(experiment.startedAt)}, reported {formatTime(experiment.reportedAt)}
        </dd>
      </dl>
    </>
  );
}
