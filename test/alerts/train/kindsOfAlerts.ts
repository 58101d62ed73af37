import type { GroupedAlerts } from '../../../src/alerts/train';
import { seededRandom, shiftTimestamp, type Alert } from '../../../src/contracts';
import { matrix } from '../../../src/learn/matrix';

const columns = 6;
const apart = 9;
const firstStart = '2026-10-05T00:00:00.000000Z';

export const kindColumns = Array.from({ length: columns }, (_, column) => `feature_${column + 1}`);

/** Alerts of so many kinds, each a round group of features with a name and a service of its own. */
export function alertsOfKinds(
  kinds: readonly number[],
  n: number,
  { seed = 1, from = 0 }: { seed?: number; from?: number } = {},
): GroupedAlerts {
  const random = seededRandom(seed);
  const values = new Float32Array(n * columns);
  const alerts = Array.from({ length: n }, (_, row): Alert => {
    const kind = kinds[random.integer(kinds.length)]!;
    for (let column = 0; column < columns; column++) {
      values[row * columns + column] =
        random.normal() + (kind % columns === column ? apart * (1 + Math.floor(kind / columns)) : 0);
    }
    const startsAt = shiftTimestamp(firstStart, (from + row) * 7 * 60_000);
    return {
      id: `alert-${seed}-${from + row}`,
      source: 'test',
      name: `Kind${kind}`,
      service: `service-${kind}`,
      resource: null,
      severity: kind === 0 ? 'critical' : 'warning',
      status: 'resolved',
      startsAt,
      endsAt: shiftTimestamp(startsAt, 60_000),
      labels: {},
      description: '',
      fingerprint: `kind-${kind}`,
    };
  });
  return {
    at: shiftTimestamp(firstStart, (from + n) * 7 * 60_000),
    alerts,
    services: alerts.map(({ service }) => service),
    features: { names: kindColumns, rows: matrix(values, n, columns) },
  };
}
