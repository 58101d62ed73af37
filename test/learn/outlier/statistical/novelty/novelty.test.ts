import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../../../src/contracts';
import { EpisodeGate } from '../../../../../src/learn/outlier/statistical/novelty/episodeGate';
import { NoveltyStream } from '../../../../../src/learn/outlier/statistical/novelty/noveltyStream';
import { ShapeMemory } from '../../../../../src/learn/outlier/statistical/novelty/shapeMemory';
import { SlidingWindow } from '../../../../../src/learn/outlier/statistical/novelty/slidingWindow';
import { Surprise } from '../../../../../src/learn/outlier/statistical/novelty/surprise';
import { ValueMemory } from '../../../../../src/learn/outlier/statistical/novelty/valueMemory';

const random = seededRandom(21);
const walk = (n: number): number[] => {
  let level = 0;
  return Array.from({ length: n }, () => (level += random.normal()));
};

describe('what a novelty stream remembers', () => {
  test('distances to the nearest of the last values are those of sorting them all, ties included', () => {
    const memory = new ValueMemory(40);
    const values = walk(300).map((value) => Math.round(value));
    values.forEach((value, at) => {
      const held = values.slice(Math.max(0, at - 40), at);
      const nearest = held.map((other) => Math.abs(other - value)).sort((a, b) => a - b);
      const mean = nearest.slice(0, 5).reduce((sum, distance) => sum + distance, 0) / 5;
      expect(memory.size).toBe(held.length);
      expect(memory.distance(value, 5)).toBe(held.length < 5 ? Infinity : mean);
      memory.add(value);
    });
  });

  test('mean and least of a window are those of its values', () => {
    const window = new SlidingWindow(7);
    const values = walk(200);
    values.forEach((value, at) => {
      window.add(value);
      const held = values.slice(Math.max(0, at - 6), at + 1);
      expect(window.mean).toBeCloseTo(held.reduce((sum, one) => sum + one, 0) / held.length, 9);
      expect(window.least).toBe(Math.min(...held));
    });
  });

  test('distances between shapes are those of comparing all windows, the latest left out', () => {
    const [pieces, pieceLength, capacity, neighbors] = [4, 3, 20, 2];
    const length = pieces * pieceLength;
    const shapes = new ShapeMemory(pieces, pieceLength, capacity, neighbors);
    const values = walk(260);
    const meansAt = (end: number): number[] =>
      Array.from({ length: pieces }, (_, piece) => {
        const from = end - length + piece * pieceLength;
        return values.slice(from, from + pieceLength).reduce((sum, value) => sum + value, 0) / pieceLength;
      });
    const windows: number[][] = [];
    const expectedAt = (seen: number): number => {
      if (seen < length) return 0;
      const present = meansAt(seen);
      const known = windows.slice(0, Math.max(0, windows.length - 2 * pieces)).slice(-capacity);
      const distances = known
        .map((other) => Math.hypot(...other.map((mean, piece) => mean - present[piece]!)))
        .sort((left, right) => left - right);
      windows.push(present);
      return known.length < neighbors ? 0 : (distances[0]! + distances[1]!) / 2;
    };
    values.forEach((value, at) => expect(shapes.step(value)).toBeCloseTo(expectedAt(at + 1), 9));
  });

  test('surprise is the share of past scores that are as large, as a logarithm', () => {
    const surprise = new Surprise();
    for (let at = 0; at < 999; at++) surprise.step(1 + (at % 10));
    // One tenth of the past scores is as large as 10, and counts half.
    expect(surprise.step(10)).toBeCloseTo(-Math.log10(0.05), 1);
    expect(surprise.step(1_000)).toBeGreaterThan(3);
    expect(surprise.step(1_000)).toBeLessThan(3.4);
    expect(surprise.step(0)).toBe(0);
  });
});

describe('a novelty stream', () => {
  const wave = (at: number): number => 50 + 20 * Math.sin((2 * Math.PI * at) / 288) + random.normal();

  test('is most surprised by a spike, a level never seen, and the right level at the wrong time of day', () => {
    const stream = new NoveltyStream({ learningLength: 600, memory: 4_096 });
    const scores: number[] = [];
    for (let at = 0; at < 4_000; at++) {
      let value = wave(at);
      if (at === 2_500) value = 140;
      // For a quarter of a day the series is half a day ahead.
      if (at >= 3_300 && at < 3_372) value = wave(at + 144);
      scores.push(stream.update(value, (at % 288) / 288));
    }
    const calm = scores.slice(1_000, 2_499);
    expect(scores[2_500]).toBeGreaterThan(Math.max(...calm));
    expect(Math.max(...scores.slice(3_300, 3_372))).toBeGreaterThan(Math.max(...calm));
  });

  test('stays calm where nothing ever moves', () => {
    const stream = new NoveltyStream({ learningLength: 100, memory: 500 });
    for (let at = 0; at < 1_000; at++) expect(stream.update(45)).toBe(0);
  });
});

test('an episode raises one alarm, then rests', () => {
  const gate = new EpisodeGate(1, 3);
  const passed = [0.5, 2, 3, 3, 3, 0.9, 1, 1].map((score) => gate.pass(score));
  expect(passed).toEqual([0.5, 2, 0, 0, 0, 0.9, 1, 0]);
});
