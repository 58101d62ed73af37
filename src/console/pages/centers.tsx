import type { PipelineStatus } from '../../contracts';
import { formatCount, formatDay } from './format';
import { linkTo } from './route';

type Center = PipelineStatus['centers'][number];

const stateNames: Record<Center['state'], string> = {
  ready: 'ready',
  untrained: 'not trained yet',
  failing: 'last run failed',
  fallback: 'on an older model',
  overdue: 'training overdue',
};

export function Centers({ status, chosen }: { status: PipelineStatus; chosen: string | undefined }) {
  return (
    <>
      <h2>Tech centres</h2>
      <ul class="centers">
        {status.centers.map((center) => (
          <li key={center.techCenter}>
            <a
              href={linkTo.center(center.techCenter)}
              aria-current={center.techCenter === chosen ? 'page' : undefined}
            >
              <span class="name">{center.techCenter}</span>
              <span class={`state ${center.state}`}>{stateNames[center.state]}</span>
              <span class="figures">
                {center.clusters === null ? 'no clusters' : `${center.clusters} clusters`} ·{' '}
                {formatCount(center.incidents)} tickets
              </span>
            </a>
          </li>
        ))}
      </ul>
      <dl class="facts">
        <dt>Next training</dt>
        <dd>
          {status.nextTrainingDue === null ? '–' : formatDay(status.nextTrainingDue)}
          {status.trainingOverdue && <strong> – overdue</strong>}
        </dd>
        <dt>Rows set aside</dt>
        <dd>
          <a href={linkTo.quarantine()}>{formatCount(status.quarantined)}</a>
        </dd>
        {status.queues
          .filter(({ poison }) => poison > 0)
          .map(({ queue, poison }) => (
            <>
              <dt>Poison messages in {queue}</dt>
              <dd>
                <strong>{formatCount(poison)}</strong>
              </dd>
            </>
          ))}
      </dl>
    </>
  );
}
