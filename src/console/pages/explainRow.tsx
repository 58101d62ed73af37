import { useEffect, useRef, useState } from 'preact/hooks';
import type { ExplanationDocument } from '../../contracts';
import { anomalyApi } from './anomalyApi';
import { ApiError } from './api';
import { ExplanationPanel } from './explanationPanel';
import { useLoaded } from './load';
import type { Score } from './scoreSeries';

type Asked =
  | { readonly state: 'not asked' | 'asking' }
  | { readonly state: 'answered'; readonly explanation: ExplanationDocument }
  | { readonly state: 'failed'; readonly error: ApiError };

/** The explanation of one row: the one that is stored, or a new one when somebody asks for it. */
export function ExplainRow({ instance, score }: { instance: string; score: Score }) {
  const [asked, setAsked] = useState<Asked>({ state: 'not asked' });
  const stored = useLoaded(`explanation ${instance} ${score.at}`, async (signal) => {
    const { explanations } = await anomalyApi.explanations(instance, signal);
    const known = explanations.find(({ at }) => at === score.at);
    return known ? anomalyApi.explanation(known.explanationId, signal) : null;
  });
  const ended = useRef(new AbortController());
  useEffect(() => () => ended.current.abort(), []);
  const ask = async (): Promise<void> => {
    setAsked({ state: 'asking' });
    const { signal } = ended.current;
    try {
      const row = { instance, at: score.at, model: score.model, modelVersion: score.version };
      setAsked({ state: 'answered', explanation: await anomalyApi.explain(row, signal) });
    } catch (error) {
      if (signal.aborted) return;
      const failure = error instanceof ApiError ? error : new ApiError(0, 'UNREACHABLE', String(error));
      setAsked({ state: 'failed', error: failure });
    }
  };
  const explanation =
    asked.state === 'answered' ? asked.explanation : stored.state === 'ready' ? stored.value : null;
  return (
    <section aria-labelledby="explanation-title" aria-busy={asked.state === 'asking'}>
      <div class="title-row">
        <h2 id="explanation-title">Why</h2>
        <button class="primary" disabled={asked.state === 'asking'} onClick={() => void ask()}>
          {asked.state === 'asking' ? 'Explaining…' : explanation ? 'Explain again' : 'Explain'}
        </button>
      </div>
      {asked.state === 'failed' && (
        <p class="notice failed" role="alert">
          {asked.error.message} <code>{asked.error.code}</code>
        </p>
      )}
      {explanation ? (
        <ExplanationPanel explanation={explanation} />
      ) : (
        <p class="hint">
          Puts the contributions beside similar past tickets and new log messages: root cause, impact, what to
          do.
        </p>
      )}
    </section>
  );
}
