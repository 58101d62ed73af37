import { useState } from 'preact/hooks';
import type { ClusterList, ClusterSummary } from '../../contracts';
import { formatCount, formatTrend } from './format';
import { linkTo } from './route';

type Column = 'topic' | 'domainName' | 'size' | 'trend' | 'incidentsThisWeek';
const columns: readonly { id: Column; title: string; numeric: boolean }[] = [
  { id: 'topic', title: 'Topic', numeric: false },
  { id: 'domainName', title: 'Domain', numeric: false },
  { id: 'size', title: 'Tickets', numeric: true },
  { id: 'trend', title: 'Trend', numeric: true },
  { id: 'incidentsThisWeek', title: 'This week', numeric: true },
];

const events: Record<ClusterSummary['event'], string> = {
  born: 'new',
  split: 'split off',
  merged: 'merged',
  kept: '',
};

export function ClusterTable({ list, chosenId }: { list: ClusterList; chosenId: string | undefined }) {
  const [order, setOrder] = useState<{ column: Column; descending: boolean }>({
    column: 'size',
    descending: true,
  });
  const rows = [...list.clusters].sort((a, b) => compare(a, b, order.column) * (order.descending ? -1 : 1));
  return (
    <section aria-labelledby="clusters-title">
      <h2 id="clusters-title">Clusters</h2>
      <div class="scroll">
        <table class="clusters">
          <thead>
            <tr>
              {columns.map(({ id, title, numeric }) => (
                <th
                  key={id}
                  scope="col"
                  class={numeric ? 'numeric' : ''}
                  aria-sort={
                    order.column === id ? (order.descending ? 'descending' : 'ascending') : undefined
                  }
                >
                  <button
                    onClick={() =>
                      setOrder({
                        column: id,
                        descending: order.column === id ? !order.descending : numeric,
                      })
                    }
                  >
                    {title}
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((cluster) => (
              <tr key={cluster.id} class={cluster.id === chosenId ? 'chosen' : ''}>
                <td>
                  <a href={linkTo.cluster(list.techCenter, cluster.id)}>{cluster.topic}</a>{' '}
                  {events[cluster.event] && <span class="badge">{events[cluster.event]}</span>}
                  {cluster.example !== null && <span class="keywords">“{cluster.example}”</span>}
                </td>
                <td>{cluster.domainName}</td>
                <td class="numeric">{formatCount(cluster.size)}</td>
                <td class="numeric">{formatTrend(cluster.trend)}</td>
                <td class="numeric">{formatCount(cluster.incidentsThisWeek)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {list.deaths.length > 0 && (
        <p class="deaths">Ended with this version: {list.deaths.map(({ topic }) => topic).join(' · ')}</p>
      )}
    </section>
  );
}

function compare(a: ClusterSummary, b: ClusterSummary, column: Column): number {
  const [left, right] = [a[column], b[column]];
  if (typeof left === 'string' && typeof right === 'string') return left.localeCompare(right);
  return Number(left ?? Number.NEGATIVE_INFINITY) - Number(right ?? Number.NEGATIVE_INFINITY);
}
