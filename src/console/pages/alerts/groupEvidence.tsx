import type { AlertGroupDetail } from '../../../contracts';
import { formatScore, formatTime } from '../format';

type Change = AlertGroupDetail['changes'][number];

/** Why these alerts stand together, and what was changed shortly before. */
export function GroupEvidence({ evidence, changes }: Pick<AlertGroupDetail, 'evidence' | 'changes'>) {
  return (
    <section aria-labelledby="evidence-title">
      <h2 id="evidence-title">Why these alerts are together</h2>
      {evidence.length === 0 ? (
        <p class="hint">It is a single alert, or repeats of one.</p>
      ) : (
        <ul class="links">
          {evidence.map((link) => (
            <li key={`${link.alertId} ${link.otherAlertId}`}>
              {link.why} <small>(strength {formatScore(link.score)})</small>
            </li>
          ))}
        </ul>
      )}
      {changes.length > 0 && (
        <>
          <h3>Changes near its start</h3>
          <ul class="links">
            {changes.map((change) => (
              <li key={change.id}>
                <strong>{change.title}</strong>
                {change.service !== null && <> of {change.service}</>}, {whenOf(change)}{' '}
                <small>({formatTime(change.at)})</small>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function whenOf({ minutesBefore }: Change): string {
  const minutes = Math.round(Math.abs(minutesBefore));
  return `${minutes} min ${minutesBefore < 0 ? 'after' : 'before'} the first alert`;
}
