import { formatShare } from './format';

/** Champion and challenger as parts of one bar. */
export function ShareBar({ challengerShare }: { challengerShare: number }) {
  const challenger = Math.round(1_000 * challengerShare) / 10;
  return (
    <div
      class="share"
      role="img"
      aria-label={`champion ${formatShare(1 - challengerShare)}, challenger ${formatShare(challengerShare)}`}
    >
      {challenger < 100 && (
        <span class="champion" style={{ width: `${100 - challenger}%` }}>
          {challenger <= 75 && <span class="word">champion </span>}
          {formatShare(1 - challengerShare)}
        </span>
      )}
      {challenger > 0 && (
        <span class="challenger" style={{ width: `${challenger}%` }}>
          {challenger >= 25 && <span class="word">challenger </span>}
          {formatShare(challengerShare)}
        </span>
      )}
    </div>
  );
}
