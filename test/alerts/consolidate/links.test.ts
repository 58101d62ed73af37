import { expect, test } from '@jest/globals';
import { burstsOf } from '../../../src/alerts/consolidate/bursts';
import { episodesOf } from '../../../src/alerts/consolidate/episodes';
import { causalLinks, lagDensity, spontaneousRate } from '../../../src/alerts/consolidate/links';
import { seededRandom } from '../../../src/contracts';
import { alertAt, graphOf, indexOf, placed } from './place';

const windowMinutes = 15;

test('direct links score what the model says, and none is missed, on random graphs', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const random = seededRandom(seed);
    const ids = Array.from({ length: 8 }, (_, service) => `s${service}`);
    const pairs = ids.flatMap((source) =>
      ids
        .filter((target) => source !== target && random.next() < 0.25)
        .map((target) => [source, target] as const),
    );
    const index = indexOf(graphOf(pairs, ids));
    const alerts = placed(
      Array.from({ length: 14 }, (_, number) =>
        alertAt(random.next() * 60, ids[random.integer(8)]!, `Condition${number}`),
      ),
      index,
    );
    const episodes = episodesOf(alerts, 8, windowMinutes);
    const bursts = burstsOf(episodes, new Uint8Array(episodes.count), windowMinutes);
    const rate = new Float64Array(bursts.count).fill(spontaneousRate);
    const found = causalLinks(bursts, index, { windowMinutes, rate })
      .filter(({ kind, score }) => kind === 'depends' && Number.isFinite(score))
      .map(({ effect, cause, score }) => `${effect} < ${cause}: ${score.toFixed(9)}`)
      .sort();

    const near = (burst: number, from: number, to: number): Set<number> => {
      const places = new Set<number>();
      for (let other = 0; other < bursts.count; other++) {
        const lag = bursts.begin[other]! - bursts.begin[burst]!;
        if (lag >= from && lag <= to) places.add(bursts.place[other]!);
      }
      return places;
    };
    const expected: string[] = [];
    for (let effect = 0; effect < bursts.count; effect++) {
      for (let place = 0; place < 8; place++) {
        if (
          !pairs.some(
            ([s, t]) => index.nodeOf.get(s) === bursts.place[effect] && index.nodeOf.get(t) === place,
          )
        )
          continue;
        let best: { cause: number; score: number } | undefined;
        for (let cause = 0; cause < bursts.count; cause++) {
          if (bursts.place[cause] !== place) continue;
          const dependents = pairs
            .filter(([, t]) => index.nodeOf.get(t) === place)
            .map(([s]) => index.nodeOf.get(s)!);
          const troubled = near(cause, -5, 15);
          const reach =
            (1 + dependents.filter((dependent) => troubled.has(dependent)).length) / (2 + dependents.length);
          const lag = bursts.begin[effect]! - bursts.begin[cause]!;
          const score = Math.log((reach * lagDensity(lag, 1, windowMinutes)) / spontaneousRate);
          if (Number.isFinite(score) && (best === undefined || score > best.score)) best = { cause, score };
        }
        if (best) expected.push(`${effect} < ${best.cause}: ${best.score.toFixed(9)}`);
      }
    }
    expect(found).toEqual(expected.sort());
  }
});

test('the lag of a step is a distribution: most of it after the cause, none past the window', () => {
  const step = 0.001;
  let [before, after] = [0, 0];
  for (let minutes = -20; minutes < 20; minutes += step) {
    const mass = step * lagDensity(minutes, 1, windowMinutes);
    if (minutes < 0) before += mass;
    else after += mass;
  }
  expect(before).toBeCloseTo(0.2 * (1 - Math.exp(-2.5)), 2);
  expect(after).toBeCloseTo(0.8 * (1 - Math.exp(-5)), 2);
  expect(lagDensity(15.01, 1, windowMinutes)).toBe(0);
  expect(lagDensity(-5.01, 1, windowMinutes)).toBe(0);
  expect(lagDensity(4, 2, windowMinutes)).toBeGreaterThan(lagDensity(9, 2, windowMinutes));
});
