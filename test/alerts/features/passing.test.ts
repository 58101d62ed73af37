import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/contracts';
import { alertingShares } from '../../../src/alerts/features/alertingShares';
import { groupPlaces } from '../../../src/alerts/features/groupPlaces';
import { repeatsOf } from '../../../src/alerts/features/repeats';
import { indexGraph } from '../../../src/alerts/graph/graphIndex';
import { distancesFrom } from '../../../src/learn/graph';
import { graphOf } from '../enrich/alerts';

const n = 300;
const random = seededRandom(4);
const numbers = (bound: number): number[] => Array.from({ length: n }, () => random.integer(bound));
const starts = Float64Array.from(numbers(600));
const ends = Float64Array.from(starts, (start) =>
  random.next() < 0.3 ? Number.NaN : start + random.integer(40),
);
const alerts = Array.from({ length: n }, (_, alert) => alert);

describe('by one pass over many alerts come the numbers of a look at every pair', () => {
  test('for repeats', () => {
    const conditions = Int32Array.from(numbers(12));
    const { count, gapMean, gapDeviation, flapping } = repeatsOf(
      { conditions, starts, ends },
      { lookBackMinutes: 60, flappingMinutes: 15 },
    );
    for (const alert of alerts) {
      const before = (other: number): boolean =>
        starts[other]! < starts[alert]! || (starts[other] === starts[alert] && other <= alert);
      const firings = alerts
        .filter((other) => conditions[other] === conditions[alert] && before(other))
        .filter((other) => starts[other]! >= starts[alert]! - 60)
        .sort((a, b) => starts[a]! - starts[b]! || a - b);
      const gaps = firings.slice(1).map((firing, i) => starts[firing]! - starts[firings[i]!]!);
      const pauses = firings.slice(1).map((firing, i) => starts[firing]! - ends[firings[i]!]!);
      const share = (values: number[]): number =>
        values.reduce((sum, value) => sum + value, 0) / (gaps.length || 1);
      const mean = share(gaps);
      expect(count[alert]).toBe(gaps.length);
      expect(gapMean[alert]).toBeCloseTo(mean, 9);
      expect(gapDeviation[alert]).toBeCloseTo(Math.sqrt(share(gaps.map((gap) => (gap - mean) ** 2))), 5);
      expect(flapping[alert]).toBeCloseTo(share(pauses.map((pause) => Number(pause >= 0 && pause <= 15))), 9);
    }
  });

  test('for what alerts around a service', () => {
    const ids = Array.from({ length: 50 }, (_, number) => `s${number}`);
    const edges = Array.from({ length: 90 }, () => `s${random.integer(50)} s${random.integer(50)}`);
    const index = indexGraph(graphOf(ids, edges));
    const nodes = Int32Array.from(numbers(51), (node) => node - 1);
    const shares = alertingShares(index, { nodes, starts, ends });
    const stretch = (minute: number): number => Math.floor(minute / 15);
    for (const alert of alerts) {
      const now = stretch(starts[alert]!);
      const alerting = (node: number): boolean =>
        alerts.some((other) => {
          if (nodes[other] !== node) return false;
          const last = Number.isNaN(ends[other]!)
            ? starts[other]! + 60
            : Math.min(ends[other]!, starts[other]! + 60);
          return stretch(starts[other]!) <= now + 1 && stretch(last) >= now;
        });
      const shareOf = (around: number[]): number =>
        around.length === 0 ? 0 : around.filter(alerting).length / around.length;
      const node = nodes[alert]!;
      const along = node < 0 ? new Int32Array(50) : distancesFrom(index.upstream, [node]);
      const against = node < 0 ? new Int32Array(50) : distancesFrom(index.downstream, [node]);
      const others = ids.map((_, number) => number);
      expect(shares.upstream[alert]).toBeCloseTo(shareOf(others.filter((other) => along[other]! > 0)), 6);
      const direct = others.filter((other) => along[other] === 1 || against[other] === 1);
      expect(shares.neighbors[alert]).toBeCloseTo(shareOf(direct), 6);
    }
  });

  test('for places in groups', () => {
    const groups = Int32Array.from(numbers(8), (group) => group - 1);
    const names = Int32Array.from(numbers(5));
    const over = Uint8Array.from(numbers(2));
    const places = groupPlaces({ groups, names, starts, over });
    for (const alert of alerts) {
      const members =
        groups[alert]! < 0 ? [alert] : alerts.filter((other) => groups[other] === groups[alert]);
      const share = (holds: (member: number) => boolean): number =>
        members.filter(holds).length / members.length;
      expect(places.size[alert]).toBe(members.length);
      expect(places.sinceFirst[alert]).toBe(
        starts[alert]! - Math.min(...members.map((member) => starts[member]!)),
      );
      expect(places.sameName[alert]).toBeCloseTo(
        share((member) => names[member] === names[alert]),
        12,
      );
      expect(places.resolved[alert]).toBeCloseTo(
        share((member) => over[member] === 1),
        12,
      );
    }
  });
});
