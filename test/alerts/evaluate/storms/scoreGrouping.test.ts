import { expect, test } from '@jest/globals';
import { scoreGrouping } from '../../../../src/alerts/evaluate/storms';
import { seededRandom } from '../../../../src/contracts';

const storm = { id: '', root: '', startsAt: '', alertIds: [] };

test('rates over pairs equal those counted pair by pair', () => {
  for (let seed = 1; seed <= 10; seed++) {
    const random = seededRandom(seed);
    const labels = Int32Array.from({ length: 60 }, () => random.integer(8));
    const group = Int32Array.from({ length: 60 }, () => random.integer(7));
    const storms = Array.from({ length: 5 }, () => storm);
    let [together, wrong, wrongStrict, ofStorms, apart] = [0, 0, 0, 0, 0];
    for (let a = 0; a < 60; a++) {
      for (let b = 0; b < a; b++) {
        const same = labels[a] === labels[b];
        const inStorm = same && labels[a]! < 5;
        if (inStorm) ofStorms++;
        if (group[a] === group[b]) {
          together++;
          if (!same) wrong++;
          if (!inStorm) wrongStrict++;
        } else if (inStorm) apart++;
      }
    }
    const score = scoreGrouping({ labels, storms }, group, 7);
    expect(score.wrongMergeRate).toBeCloseTo(wrong / together, 12);
    expect(score.wrongMergeRateStrict).toBeCloseTo(wrongStrict / together, 12);
    expect(score.wrongSplitRate).toBeCloseTo(apart / ofStorms, 12);
    expect(score.noiseReduction).toBeCloseTo(1 - 7 / 60, 12);
  }
});

test('each alert alone, and all in one group, are what they are', () => {
  const labels = Int32Array.of(0, 0, 1, 1);
  const storms = [storm, storm];
  expect(scoreGrouping({ labels, storms }, Int32Array.of(0, 1, 2, 3), 4)).toMatchObject({
    noiseReduction: 0,
    wrongMergeRate: 0,
    wrongSplitRate: 1,
  });
  expect(scoreGrouping({ labels, storms }, Int32Array.of(0, 0, 0, 0), 1)).toMatchObject({
    noiseReduction: 0.75,
    wrongMergeRate: 4 / 6,
    wrongSplitRate: 0,
  });
});
