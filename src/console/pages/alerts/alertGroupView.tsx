import { useState } from 'preact/hooks';
import type { AlertGroupDetail } from '../../../contracts';
import { formatCount, formatShare, formatTime } from '../format';
import { useLoaded } from '../load';
import { Notice } from '../notice';
import { linkTo } from '../route';
import { alertApi, membersOfPage } from './alertApi';
import { FeedbackPanel } from './feedbackPanel';
import { GroupEvidence } from './groupEvidence';
import { GroupGraph } from './groupGraph';
import { MemberTable } from './memberTable';
import { Severity } from './severity';
import { StormPanel } from './stormPanel';

/** One group: what happened, the likely cause, its services, the storm, its alerts, and what people say. */
export function AlertGroupView({ id }: { id: string }) {
  const [answers, setAnswers] = useState(0);
  const [offset, setOffset] = useState(0);
  const loaded = useLoaded(`alert group ${id} ${offset} ${answers}`, (signal) =>
    alertApi.group(id, offset, signal),
  );
  const [shown, setShown] = useState<AlertGroupDetail>();
  if (loaded.state === 'ready' && loaded.value !== shown) setShown(loaded.value);
  return (
    <>
      <p class="crumbs">
        <a href={linkTo.alerts()}>Alert groups</a>
      </p>
      {loaded.state === 'failed' || !shown ? (
        <Notice loaded={loaded} what="alert group" />
      ) : (
        <Group group={shown} offset={offset} onOffset={setOffset} onSaid={() => setAnswers(answers + 1)} />
      )}
    </>
  );
}

interface Properties {
  group: AlertGroupDetail;
  offset: number;
  onOffset: (offset: number) => void;
  onSaid: () => void;
}

function Group({ group, offset, onOffset, onSaid }: Properties) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const choose = (alertId: string, isChosen: boolean): void => {
    const next = new Set(chosen);
    if (isChosen) next.add(alertId);
    else next.delete(alertId);
    setChosen(next);
  };
  return (
    <>
      <h1>{group.name}</h1>
      {group.supersededBy !== null && (
        <p class="notice">
          Its alerts went to <a href={linkTo.alerts(group.supersededBy)}>another group</a> in a later run.
        </p>
      )}
      <div class="pair">
        <Facts group={group} />
        <Causes group={group} />
      </div>
      <section aria-labelledby="services-title">
        <h2 id="services-title">Services</h2>
        <GroupGraph subgraph={group.subgraph} />
      </section>
      <StormPanel id={group.id} />
      <GroupEvidence evidence={group.evidence} changes={group.changes} />
      <FeedbackPanel
        group={group}
        chosen={[...chosen]}
        onSaid={() => {
          setChosen(new Set());
          onSaid();
        }}
      />
      <section aria-labelledby="members-title">
        <h2 id="members-title">{formatCount(group.alerts)} alerts</h2>
        <MemberTable members={group.members} chosen={chosen} onChoose={choose} />
        {group.alerts > membersOfPage && (
          <p class="pages">
            <button
              class="verdict"
              disabled={offset === 0}
              onClick={() => onOffset(Math.max(0, offset - membersOfPage))}
            >
              Alerts before
            </button>{' '}
            {formatCount(offset + 1)} to {formatCount(offset + group.members.length)}{' '}
            <button
              class="verdict"
              disabled={offset + membersOfPage >= group.alerts}
              onClick={() => onOffset(offset + membersOfPage)}
            >
              More alerts
            </button>
          </p>
        )}
      </section>
    </>
  );
}

function Facts({ group }: { group: AlertGroupDetail }) {
  const parts = Object.entries(group.importanceParts).toSorted(([, a], [, b]) => b - a);
  return (
    <section aria-labelledby="facts-title">
      <h2 id="facts-title">What happened</h2>
      <dl class="facts row">
        <dt>State</dt>
        <dd>
          <Severity severity={group.severity} />, {group.state}
        </dd>
        <dt>Since</dt>
        <dd>
          {formatTime(group.startedAt)}
          {group.endedAt !== null && ` until ${formatTime(group.endedAt)}`}
          {group.closedBecause !== null && <small class="under">{group.closedBecause}</small>}
        </dd>
        <dt>Alerts</dt>
        <dd>
          {formatCount(group.alerts)}: {formatCount(group.primaries)} to read,{' '}
          {counted(group.duplicates, 'repeat')}, {counted(group.symptoms, 'symptom')}, on{' '}
          {counted(group.services, 'service')}
        </dd>
        <dt>Importance</dt>
        <dd>
          {formatCount(Math.round(group.importance))} of 100, rank {group.rank}
          <small class="under">
            {parts.map(([part, points]) => `${inWords(part)} ${Math.round(points * 10) / 10}`).join(', ')}
          </small>
        </dd>
        {group.kinds.length > 0 && (
          <>
            <dt>Kinds</dt>
            <dd>{group.kinds.map(({ label, alerts }) => `${label} (${formatCount(alerts)})`).join(', ')}</dd>
          </>
        )}
      </dl>
    </section>
  );
}

/** `blastRadius` as people write it. */
const inWords = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

const counted = (count: number, noun: string): string =>
  `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;

function Causes({ group: { causes } }: { group: AlertGroupDetail }) {
  return (
    <section aria-labelledby="causes-title">
      <h2 id="causes-title">Likely cause</h2>
      {causes.length === 0 ? (
        <p class="notice">None of its alerts belongs to a service of the graph.</p>
      ) : (
        <ol class="causes">
          {causes.map(({ id, name, score, reasons }) => (
            <li key={id}>
              <strong>{name}</strong> <small>{formatShare(score)}</small>
              <ul>
                {reasons.map((reason) => (
                  <li key={reason}>{reason}</li>
                ))}
              </ul>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
