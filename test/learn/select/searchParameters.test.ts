import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/contracts';
import { searchParameters, type Parameters, type SearchSpace } from '../../../src/learn/select';

const space: SearchSpace = {
  depth: { kind: 'integer', low: 2, high: 10 },
  rate: { kind: 'float', low: 0.001, high: 1, scale: 'log' },
  growth: { kind: 'choice', values: ['depth', 'loss'] },
};
/** Highest, 0, at depth 7, a rate of 0.05 and growth by loss. */
const objective = ({ depth, rate, growth }: Parameters): number =>
  -((Number(depth) - 7) ** 2) / 10 - Math.log10(Number(rate) / 0.05) ** 2 - (growth === 'loss' ? 0 : 1);
const still = { monotonic: () => 0 };

describe.each(['random', 'tpe'] as const)('a search by %s', (method) => {
  const search = (seed: number, trials = 40): ReturnType<typeof searchParameters> =>
    searchParameters(
      space,
      async (parameters) => objective(parameters),
      { method, trials, timeBudgetMs: 1_000, clock: still },
      seededRandom(seed),
    );

  test('stays within the space and tries the same again with the same seed', async () => {
    const first = await search(5);
    for (const { parameters } of first.trials) {
      expect(Number.isInteger(parameters['depth'])).toBe(true);
      expect(parameters['depth']).toBeGreaterThanOrEqual(2);
      expect(parameters['depth']).toBeLessThanOrEqual(10);
      expect(parameters['rate']).toBeGreaterThanOrEqual(0.001);
      expect(parameters['rate']).toBeLessThanOrEqual(1);
      expect(['depth', 'loss']).toContain(parameters['growth']);
    }
    expect(await search(5)).toEqual(first);
  });

  test('keeps the best of its trials', async () => {
    const { best, trials } = await search(6);
    expect(best!.score).toBe(Math.max(...trials.map(({ score }) => score!)));
  });
});

test('densities find better parameters than chance within the same trials', async () => {
  const bestOf = async (method: 'random' | 'tpe', seed: number): Promise<number> => {
    const { best } = await searchParameters(
      space,
      async (parameters) => objective(parameters),
      { method, trials: 40, timeBudgetMs: 1_000, clock: still },
      seededRandom(seed),
    );
    return best!.score;
  };
  let wins = 0;
  for (let seed = 0; seed < 20; seed++)
    if ((await bestOf('tpe', seed)) > (await bestOf('random', seed))) wins++;
  expect(wins).toBeGreaterThan(13);
});

test('no trial starts after the time budget, and the first always runs', async () => {
  let now = 0;
  const run = (timeBudgetMs: number): ReturnType<typeof searchParameters> =>
    searchParameters(
      space,
      async () => {
        now += 100;
        return 1;
      },
      { method: 'random', trials: 50, timeBudgetMs, clock: { monotonic: () => now } },
      seededRandom(1),
    );
  const some = await run(250);
  expect(some.trials).toHaveLength(3);
  expect(some.stoppedBy).toBe('time');
  expect((await run(0)).trials).toHaveLength(1);
});

test('what is used today is tried first, and a trial that cannot be judged is kept without a score', async () => {
  const today = { depth: 6, rate: 0.1, growth: 'depth' };
  const { trials, best } = await searchParameters(
    space,
    async (_, trial) => (trial === 0 ? null : trial),
    { method: 'tpe', trials: 3, timeBudgetMs: 1_000, clock: still, first: [today] },
    seededRandom(2),
  );
  expect(trials[0]).toEqual({ parameters: today, score: null });
  expect(best!.score).toBe(2);
});

test('a space that cannot be is refused by the parameter that cannot', async () => {
  const bad: SearchSpace = { rate: { kind: 'float', low: 0, high: 1, scale: 'log' } };
  await expect(
    searchParameters(
      bad,
      async () => 1,
      { method: 'random', trials: 1, timeBudgetMs: 1, clock: still },
      seededRandom(1),
    ),
  ).rejects.toEqual(expect.objectContaining({ code: 'PARAMETER_INVALID', culprit: { option: 'rate' } }));
});
