import { formatSize } from './format';
import type { Score } from './scoreSeries';

/** How much each feature moved a score: to the right speaks for an anomaly, to the left against. */
export function ContributionBars({ contributions }: { contributions: Score['contributions'] }) {
  if (contributions.length === 0) return <p class="notice">No contributions were kept for this score.</p>;
  const largest = Math.max(
    ...contributions.map(({ contribution }) => Math.abs(contribution)),
    Number.MIN_VALUE,
  );
  return (
    <table class="contributions">
      <thead>
        <tr>
          <th scope="col">Feature</th>
          <th scope="col" class="numeric">
            Value
          </th>
          <th scope="col">Moved the score (log-odds)</th>
        </tr>
      </thead>
      <tbody>
        {contributions.map(({ feature, value, contribution }) => (
          <tr key={feature}>
            <th scope="row">{feature}</th>
            <td class="numeric">{formatSize(value)}</td>
            <td>
              <span class="bar" aria-hidden="true">
                <span
                  class={contribution >= 0 ? 'for' : 'against'}
                  style={{ width: `${(50 * Math.abs(contribution)) / largest}%` }}
                />
              </span>
              <span class="value">
                {contribution >= 0 ? '+' : '−'}
                {formatSize(Math.abs(contribution))}
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
