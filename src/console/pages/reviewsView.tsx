import { useEffect, useRef, useState } from 'preact/hooks';
import type { ReviewVerdict } from '../../contracts';
import { formatCount, formatScore, formatTime } from './format';
import { linkTo } from './route';
import { useReviewSession, type ReviewItem } from './reviewSession';
import { SurroundingsPanel } from './surroundingsPanel';

const reviewerName = 'quarterdeck.reviewer';
const verdicts: readonly { verdict: ReviewVerdict; key: string; title: string }[] = [
  { verdict: 'anomaly', key: 'a', title: 'Anomaly' },
  { verdict: 'normal', key: 'n', title: 'Normal' },
  { verdict: 'skip', key: 's', title: 'Skip' },
];
const undoKey = 'u';

const reasons: Record<ReviewItem['reason'], string> = {
  'low-confidence': 'the forest is unsure',
  'high-impact': 'high impact',
  'borderline-normal': 'barely normal',
  'uncertain-and-diverse': 'the model is unsure, and the row unlike the others',
  'asked-for': 'somebody asked for it',
};

/** The review queue: one row at a time, judged from the keyboard. */
export function ReviewsView() {
  const [reviewer, setReviewer] = useState(() => localStorage.getItem(reviewerName) ?? '');
  const [asking, setAsking] = useState(reviewer === '');
  return (
    <>
      <div class="title-row">
        <h1>Reviews</h1>
        {!asking && (
          <p class="hint">
            as <strong>{reviewer}</strong> ·{' '}
            <button class="link" onClick={() => setAsking(true)}>
              change
            </button>
          </p>
        )}
      </div>
      {asking ? (
        <ReviewerForm
          name={reviewer}
          onName={(name) => {
            localStorage.setItem(reviewerName, name);
            setReviewer(name);
            setAsking(false);
          }}
        />
      ) : (
        <Queue key={reviewer} reviewer={reviewer} />
      )}
    </>
  );
}

function ReviewerForm({ name, onName }: { name: string; onName: (name: string) => void }) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  return (
    <form
      class="ask"
      onSubmit={(event) => {
        event.preventDefault();
        const typed = input.current?.value.trim();
        if (typed) onName(typed);
      }}
    >
      <label for="reviewer">Who reviews? The name is kept beside every verdict.</label>
      <div class="ask-row">
        <input ref={input} id="reviewer" defaultValue={name} required maxLength={200} autocomplete="name" />
        <button class="primary">Start reviewing</button>
      </div>
    </form>
  );
}

function Queue({ reviewer }: { reviewer: string }) {
  const session = useReviewSession(reviewer);
  const [item] = session.waiting;
  const last = session.given.at(-1);
  useKeys(session.submit, session.undo);
  const said = last
    ? `${titleOf(last.verdict)} recorded for ${last.item.instance}, ${formatTime(last.item.at)}.`
    : '';
  return (
    <>
      <div class="progress">
        <progress
          value={session.given.length}
          max={Math.max(1, session.given.length + session.open)}
          aria-label="Reviewed in this sitting"
        />
        <span>
          {formatCount(session.given.length)} reviewed, {formatCount(session.open)} to go
        </span>
      </div>
      {session.error && (
        <p class="notice failed" role="alert">
          Not stored: {session.error.message} <code>{session.error.code}</code>
        </p>
      )}
      {session.state === 'loading' && <p class="notice">Loading the queue…</p>}
      {item && <Card item={item} />}
      {!item && session.state === 'ready' && !session.error && (
        <p class="notice done">
          Nothing waits for a verdict. <code>npx quarterdeck anomalies review next</code> or the next training
          picks more rows.{' '}
          <button class="link" onClick={session.reload}>
            Look again
          </button>
        </p>
      )}
      <div class="verdicts">
        {verdicts.map(({ verdict, key, title }) => (
          <button
            key={verdict}
            class={`verdict says-${verdict}`}
            disabled={!item}
            aria-keyshortcuts={key}
            onClick={() => session.submit(verdict)}
          >
            {title} <kbd>{key}</kbd>
          </button>
        ))}
        <button class="verdict" disabled={!last} aria-keyshortcuts={undoKey} onClick={session.undo}>
          Undo <kbd>{undoKey}</kbd>
        </button>
      </div>
      <p class="hint" role="status">
        {said}
      </p>
    </>
  );
}

const titleOf = (verdict: ReviewVerdict): string =>
  verdicts.find((known) => known.verdict === verdict)!.title;

/** Keys without a modifier, unless somebody is typing. */
function useKeys(submit: (verdict: ReviewVerdict) => void, undo: () => void): void {
  const handlers = useRef({ submit, undo });
  handlers.current = { submit, undo };
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      if (event.target instanceof Element && event.target.closest('input, select, textarea')) return;
      const key = event.key.toLowerCase();
      const chosen = verdicts.find((known) => known.key === key);
      if (chosen) handlers.current.submit(chosen.verdict);
      else if (key === undoKey) handlers.current.undo();
      else return;
      event.preventDefault();
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, []);
}

function Card({ item }: { item: ReviewItem }) {
  return (
    <section class="review-card" aria-labelledby="review-title" aria-live="polite">
      <h2 id="review-title">
        <a href={linkTo.anomalies(item.instance, item.at)}>{item.instance}</a> at {formatTime(item.at)}
      </h2>
      <p class="why">
        <span class="badge">{reasons[item.reason]}</span> {item.explanation}
      </p>
      <dl class="facts row">
        <dt>Model’s probability</dt>
        <dd>{item.probability === null ? 'no model yet' : formatScore(item.probability)}</dd>
        <dt>Isolation score</dt>
        <dd>
          {formatScore(item.isolationScore)} <small>(−1…1, below 0 is unusual)</small>
        </dd>
        <dt>Band</dt>
        <dd>{item.band}</dd>
      </dl>
      <h3>The hour before</h3>
      <SurroundingsPanel instance={item.instance} at={item.at} />
    </section>
  );
}
