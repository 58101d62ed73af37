import { describe, expect, test } from '@jest/globals';
import { changeOf } from '../../../../src/alerts/rank/metrics/changeOf';
import { seededRandom } from '../../../../src/contracts';

const random = seededRandom(7);
const noise = (length: number, level = 100, spread = 2): Float64Array =>
  Float64Array.from({ length }, () => level + spread * random.normal());

describe('the change of a metric', () => {
  const history = noise(400);
  const before = noise(10);

  test('is many times what the past has seen when the level shifts', () => {
    const after = Float64Array.from(noise(5), (value) => value + 50);
    const change = changeOf({ history, before, after }, 'either')!;
    expect(change.times).toBeGreaterThan(5);
    expect(change.direction).toBe('up');
  });

  test('is what the past has seen before when nothing happens', () => {
    const usual = Array.from({ length: 50 }, () =>
      changeOf({ history, before: noise(10), after: noise(5) }, 'either')!,
    );
    expect(usual.filter(({ times }) => times > 1).length).toBeLessThan(5);
  });

  test('one odd point is no change, three in a row are', () => {
    const odd = Float64Array.of(100, 100, 500, 100, 100);
    const lasting = Float64Array.of(100, 500, 500, 500, 100);
    expect(changeOf({ history, before, after: odd }, 'up')!.times).toBeLessThan(1.5);
    expect(changeOf({ history, before, after: lasting }, 'up')).toMatchObject({ direction: 'up', from: 1 });
    expect(changeOf({ history, before, after: lasting }, 'up')!.times).toBeGreaterThan(20);
  });

  test('for the better is none: a latency that falls, an availability that rises', () => {
    const lower = Float64Array.from(noise(5), (value) => value - 50);
    const higher = Float64Array.from(noise(5), (value) => value + 50);
    expect(changeOf({ history, before, after: lower }, 'up')!.times).toBeLessThan(1.5);
    expect(changeOf({ history, before, after: higher }, 'down')!.times).toBeLessThan(1.5);
    expect(changeOf({ history, before, after: lower }, 'down')!.times).toBeGreaterThan(5);
  });

  test('a metric that has always jumped about does not cry wolf', () => {
    const jumpy = Float64Array.from({ length: 400 }, (_, at) => (Math.floor(at / 6) % 7 === 0 ? 900 : 100));
    const after = Float64Array.of(900, 900, 900, 900, 900);
    expect(
      changeOf({ history: jumpy, before: new Float64Array(10).fill(100), after }, 'up')!.times,
    ).toBeLessThanOrEqual(1);
  });

  test('what drifted slowly to another level is judged by the level just before', () => {
    const drifted = noise(10, 160);
    expect(changeOf({ history, before: drifted, after: noise(5, 160) }, 'either')!.times).toBeLessThan(1.5);
  });

  test('a tiny step of a metric that never moved is nothing, a lost tenth of a per cent of availability is', () => {
    const still = new Float64Array(100).fill(100);
    const ten = new Float64Array(10).fill(100);
    const step = new Float64Array(5).fill(100.5);
    expect(changeOf({ history: still, before: ten, after: step }, 'either')!.times).toBeLessThan(1);
    expect(
      changeOf({ history: still, before: ten, after: new Float64Array(5).fill(99.5) }, 'down')!.times,
    ).toBeCloseTo(5);
  });

  test('with two points before, the level of the history has a say', () => {
    const dip = Float64Array.of(60, 60);
    const after = new Float64Array(5).fill(100);
    expect(changeOf({ history, before: dip, after }, 'up')!.times).toBeLessThan(1);
  });

  test('says nothing where too little is known', () => {
    const unknown = new Float64Array(5).fill(Number.NaN);
    expect(changeOf({ history: noise(9), before, after: noise(5) }, 'up')).toBeNull();
    expect(changeOf({ history, before: unknown, after: noise(5) }, 'up')).toBeNull();
    expect(changeOf({ history, before, after: unknown }, 'up')).toBeNull();
    expect(changeOf({ history, before, after: new Float64Array(0) }, 'up')).toBeNull();
  });
});
