import { useRef, useState } from 'preact/hooks';
import type { AlertGroupDetail, GroupFeedbackBody } from '../../../contracts';
import { ApiError } from '../api';
import { formatCount, formatTime } from '../format';
import { useLoaded } from '../load';
import { alertApi } from './alertApi';

/** The same person reviews anomalies. */
const authorName = 'quarterdeck.reviewer';
const requestLimitMs = 30_000;
/** Groups that one can be merged with: those of the last week. */
const mergeHours = 168;

interface Properties {
  group: AlertGroupDetail;
  /** Alerts that are ticked in the list. */
  chosen: readonly string[];
  onSaid: () => void;
}

type Said = { readonly effect: string } | { readonly error: ApiError };

/** What a person thinks of a group: the next runs follow it. */
export function FeedbackPanel({ group, chosen, onSaid }: Properties) {
  const form = useRef<HTMLFormElement>(null);
  const [said, setSaid] = useState<Said>();
  const [busy, setBusy] = useState(false);
  const say = async (feedback: WithoutAuthor): Promise<void> => {
    if (!form.current?.reportValidity()) return;
    const entered = new FormData(form.current);
    const author = textOf(entered, 'author');
    const note = textOf(entered, 'note');
    localStorage.setItem(authorName, author);
    setBusy(true);
    try {
      const body = { ...feedback, author, ...(note !== '' && { note }) } as GroupFeedbackBody;
      const { effect } = await alertApi.say(group.id, body, AbortSignal.timeout(requestLimitMs));
      setSaid({ effect });
      onSaid();
    } catch (error) {
      setSaid({ error: error instanceof ApiError ? error : new ApiError(0, 'UNREACHABLE', String(error)) });
    } finally {
      setBusy(false);
    }
  };
  return (
    <section aria-labelledby="feedback-title">
      <h2 id="feedback-title">Is this one storm?</h2>
      <form ref={form} class="feedback" onSubmit={(event) => event.preventDefault()}>
        <div class="pair">
          <label>
            Your name
            <input
              name="author"
              required
              maxLength={200}
              autocomplete="name"
              defaultValue={localStorage.getItem(authorName) ?? ''}
            />
          </label>
          <label>
            Note
            <input name="note" maxLength={2_000} placeholder="optional" />
          </label>
        </div>
        <div class="verdicts">
          <button class="verdict says-normal" disabled={busy} onClick={() => void say({ kind: 'confirm' })}>
            Yes, these belong together
          </button>
          <button
            class="verdict says-anomaly"
            disabled={busy || chosen.length === 0}
            onClick={() => void say({ kind: 'split', alertIds: [...chosen] })}
          >
            {chosen.length === 0
              ? 'Tick alerts below to split them off'
              : `Split off ${formatCount(chosen.length)} ticked alerts`}
          </button>
        </div>
        <Merge
          groupId={group.id}
          busy={busy}
          onMerge={(otherGroupId) => void say({ kind: 'merge', otherGroupId })}
        />
        <WrongCause
          group={group}
          busy={busy}
          onCause={(cause) => void say({ kind: 'wrong-cause', ...(cause !== undefined && { cause }) })}
        />
      </form>
      <p class={said && 'error' in said ? 'notice failed' : 'hint'} role="status">
        {said && ('error' in said ? `Not stored: ${said.error.message}` : `Noted. ${said.effect}`)}
      </p>
      {group.said.length > 0 && <SaidBefore said={group.said} />}
    </section>
  );
}

type Unsigned<Body> = Body extends GroupFeedbackBody ? Omit<Body, 'author' | 'note'> : never;
type WithoutAuthor = Unsigned<GroupFeedbackBody>;

function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value.trim() : '';
}

interface MergeProperties {
  groupId: string;
  busy: boolean;
  onMerge: (otherGroupId: string) => void;
}

function Merge({ groupId, busy, onMerge }: MergeProperties) {
  const [other, setOther] = useState('');
  const filter = { hours: mergeHours, state: undefined, text: '', offset: 0 };
  const loaded = useLoaded('groups to merge with', (signal) => alertApi.groups(filter, signal));
  const others = loaded.state === 'ready' ? loaded.value.groups.filter(({ id }) => id !== groupId) : [];
  return (
    <div class="ask-row">
      <select
        aria-label="Group that it belongs to"
        value={other}
        onChange={(event) => setOther(event.currentTarget.value)}
      >
        <option value="">belongs together with…</option>
        {others.map(({ id, name, startedAt }) => (
          <option key={id} value={id}>
            {name} ({formatTime(startedAt)})
          </option>
        ))}
      </select>
      <button class="verdict" disabled={busy || other === ''} onClick={() => onMerge(other)}>
        Merge
      </button>
    </div>
  );
}

interface CauseProperties {
  group: AlertGroupDetail;
  busy: boolean;
  onCause: (cause: string | undefined) => void;
}

function WrongCause({ group: { subgraph, rootCause }, busy, onCause }: CauseProperties) {
  const [cause, setCause] = useState('');
  return (
    <div class="ask-row">
      <select
        aria-label="What the cause was"
        value={cause}
        onChange={(event) => setCause(event.currentTarget.value)}
      >
        <option value="">the cause was something else</option>
        {subgraph.nodes
          .filter(({ id }) => id !== rootCause?.id)
          .map(({ id, name }) => (
            <option key={id} value={id}>
              the cause was {name}
            </option>
          ))}
      </select>
      <button class="verdict" disabled={busy} onClick={() => onCause(cause === '' ? undefined : cause)}>
        Wrong cause
      </button>
    </div>
  );
}

const kinds: Record<AlertGroupDetail['said'][number]['kind'], string> = {
  confirm: 'these belong together',
  split: 'some do not belong',
  merge: 'belongs together with another group',
  'wrong-cause': 'the cause is wrong',
};

function SaidBefore({ said }: { said: AlertGroupDetail['said'] }) {
  return (
    <ul>
      {said.map((entry) => (
        <li key={entry.feedbackId}>
          {entry.author}, {formatTime(entry.at)}: {kinds[entry.kind]}
          {entry.note !== null && <> – {entry.note}</>}
        </li>
      ))}
    </ul>
  );
}
