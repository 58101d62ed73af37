import { useEffect, useRef, useState } from 'preact/hooks';
import type { Evidence, ExplanationDocument, ExplanationSection, Statement } from '../../contracts';
import { formatTime } from './format';

const sections: readonly { id: ExplanationSection; title: string }[] = [
  { id: 'rootCause', title: 'Root cause' },
  { id: 'impact', title: 'Impact' },
  { id: 'recommendedActions', title: 'Recommended actions' },
  { id: 'prevention', title: 'Prevention' },
];

const kinds: Record<Evidence['kind'], string> = {
  score: 'score',
  feature: 'feature',
  incident: 'past ticket',
  template: 'log message',
};

/**
 * An explanation beside its evidence. Pointing at a sentence, or reaching it with the keyboard, marks what it rests
 * on; choosing it keeps the mark.
 */
export function ExplanationPanel({ explanation }: { explanation: ExplanationDocument }) {
  const [pointed, setPointed] = useState<Statement>();
  const [kept, setKept] = useState<Statement>();
  const shown = pointed ?? kept;
  return (
    <div class="explanation">
      <div class="sections">
        {explanation.degraded && (
          <p class="notice">
            The language model’s answer could not be used, so the rules wrote this
            {explanation.degradedReason !== null && (
              <>
                {' '}
                (<code>{explanation.degradedReason}</code>)
              </>
            )}
            .
          </p>
        )}
        {sections.map(({ id, title }) => (
          <div key={id}>
            <h3>{title}</h3>
            <ul class="statements">
              {explanation[id].map((statement) => (
                <li key={statement.text}>
                  <button
                    aria-pressed={kept === statement}
                    aria-describedby="evidence-list"
                    onMouseEnter={() => setPointed(statement)}
                    onMouseLeave={() => setPointed(undefined)}
                    onFocus={() => setPointed(statement)}
                    onBlur={() => setPointed(undefined)}
                    onClick={() => setKept(kept === statement ? undefined : statement)}
                  >
                    {statement.text}{' '}
                    <small aria-hidden="true">
                      {statement.evidence.map((evidence) => (
                        <sup key={evidence}>{numberOf(explanation, evidence)}</sup>
                      ))}
                    </small>
                  </button>
                </li>
              ))}
            </ul>
          </div>
        ))}
        <p class="hint">
          Written by {explanation.writtenBy === 'rules' ? 'rules' : 'the language model'},{' '}
          {formatTime(explanation.explainedAt)}
        </p>
      </div>
      <EvidenceList explanation={explanation} shown={shown} />
    </div>
  );
}

const numberOf = ({ evidence }: ExplanationDocument, id: string): number =>
  evidence.findIndex((piece) => piece.id === id) + 1;

function EvidenceList({
  explanation,
  shown,
}: {
  explanation: ExplanationDocument;
  shown: Statement | undefined;
}) {
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    // Beside the sentences the list scrolls by itself; below them, on a phone, the page stays where it is.
    const marked = list.current?.querySelector<HTMLElement>('.marked');
    if (marked && list.current) list.current.scrollTop = marked.offsetTop - list.current.offsetTop;
  }, [shown]);
  return (
    <div class="evidence">
      <h3 id="evidence-title">Evidence</h3>
      <p class="hint" id="evidence-list" role="status">
        {shown
          ? `This sentence rests on ${shown.evidence.map((id) => numberOf(explanation, id)).join(', ')}.`
          : 'Point at a sentence to see what it rests on.'}
      </p>
      <ol ref={list} aria-labelledby="evidence-title">
        {explanation.evidence.map((piece) => (
          <li
            key={piece.id}
            id={`evidence-${piece.id}`}
            class={!shown ? '' : shown.evidence.includes(piece.id) ? 'marked' : 'faded'}
          >
            <span class="badge">{kinds[piece.kind]}</span> {piece.summary}
          </li>
        ))}
      </ol>
    </div>
  );
}
