import type { GroupTimeline } from '../../../contracts';
import { formatCount, formatTime } from '../format';
import { useLoaded } from '../load';
import { Notice } from '../notice';
import { alertApi } from './alertApi';
import { Severity } from './severity';
import { StormChart } from './stormChart';

type Service = GroupTimeline['services'][number];

/** How a storm went: alerts over time, then the services in the order in which it reached them. */
export function StormPanel({ id }: { id: string }) {
  const loaded = useLoaded(`storm ${id}`, (signal) => alertApi.timeline(id, signal));
  return (
    <section aria-labelledby="storm-title">
      <h2 id="storm-title">The storm over time</h2>
      {loaded.state === 'ready' ? (
        <Storm timeline={loaded.value} />
      ) : (
        <Notice loaded={loaded} what="timeline" />
      )}
    </section>
  );
}

function Storm({ timeline }: { timeline: GroupTimeline }) {
  return (
    <>
      <StormChart timeline={timeline} />
      <div class="scroll">
        <table class="lanes">
          <thead>
            <tr>
              <th scope="col">Service</th>
              <th scope="col" class="numeric">
                Reached after
              </th>
              <th scope="col" class="numeric">
                Alerts
              </th>
              <th scope="col">Worst</th>
              <th scope="col">While it lasted</th>
            </tr>
          </thead>
          <tbody>
            {timeline.services.map((service) => (
              <Lane key={service.id ?? `unknown ${service.name}`} service={service} timeline={timeline} />
            ))}
          </tbody>
        </table>
      </div>
      <Events timeline={timeline} />
    </>
  );
}

const milliseconds = (at: string): number => Date.parse(`${at.slice(0, 23)}Z`);
const minute = 60_000;

function Lane({ service, timeline }: { service: Service; timeline: GroupTimeline }) {
  const from = milliseconds(timeline.from);
  const length = Math.max(1, milliseconds(timeline.to) - from);
  const share = (at: string): number => Math.min(1, Math.max(0, (milliseconds(at) - from) / length));
  const left = share(service.firstAt);
  const right = service.endedAt === null ? 1 : Math.max(left, share(service.endedAt));
  return (
    <tr>
      <th scope="row">
        {service.name}
        {service.isRoot && <span class="badge">likely cause</span>}
      </th>
      <td class="numeric">{formatDelay(milliseconds(service.firstAt) - from)}</td>
      <td class="numeric">{formatCount(service.alerts)}</td>
      <td>
        <Severity severity={service.severity} />
      </td>
      <td>
        <span class="lane" title={service.endedAt === null ? 'still firing' : undefined}>
          <span
            class={service.isRoot ? 'cause' : ''}
            style={{ left: `${left * 100}%`, width: `max(3px, ${(right - left) * 100}%)` }}
          />
        </span>
      </td>
    </tr>
  );
}

function formatDelay(delayMs: number): string {
  if (delayMs < minute) return `${Math.round(delayMs / 1_000)} s`;
  return `${formatCount(Math.round(delayMs / minute))} min`;
}

function Events({ timeline: { events, eventsLeftOut } }: { timeline: GroupTimeline }) {
  return (
    <details>
      <summary>{formatCount(events.length)} events</summary>
      <ol class="events">
        {events.map((event, index) => (
          <li key={`${event.at} ${index}`}>
            <time dateTime={event.at}>{formatTime(event.at)}</time> {event.text}
          </li>
        ))}
      </ol>
      {eventsLeftOut > 0 && <p class="hint">{formatCount(eventsLeftOut)} more are not listed.</p>}
    </details>
  );
}
