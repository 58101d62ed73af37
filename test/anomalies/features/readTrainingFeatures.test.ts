import { describe, expect, test } from '@jest/globals';
import { seededRandom, toTimestamp } from '../../../src/contracts';
import { computeFeatures, featureSetFor, readTrainingFeatures } from '../../../src/anomalies/features';
import type { InstanceSeries } from '../../../src/anomalies/features';
import { expectSameFeatures } from '../../support/anomalies/featureCases';
import { storeSeries } from '../../support/anomalies/storedSeries';
import { temporaryDuckDb } from '../../support/warehouse';
import { readSettings } from '../../../src/platform/settings/settings';
import { testClock } from '../../support/testClock';
import { afterEach, beforeEach } from '@jest/globals';

const startMinute = 29_700_000;
const timeOf = (row: number): string => toTimestamp((startMinute + row) * 60_000);
const signal = (): AbortSignal => AbortSignal.timeout(50_000);
const nan = Number.NaN;

const set = featureSetFor([
  { name: 'load', kind: 'gauge', critical: true, minimum: 0 },
  { name: 'requests', kind: 'counter' },
]);

function series(
  seed: number,
  n: number,
  change: (row: number, values: number[]) => number[] = (_, v) => v,
): InstanceSeries {
  const random = seededRandom(seed);
  let requests = 0;
  const rows = Array.from({ length: n }, (_, row) => {
    requests += random.integer(100);
    return change(row, [10 + random.next(), requests]);
  });
  return { startMinute, values: { values: Float64Array.from(rows.flat()), n, d: 2 } };
}

describe('features for training', () => {
  let database: Awaited<ReturnType<typeof temporaryDuckDb>>;
  beforeEach(async () => {
    database = await temporaryDuckDb();
  });
  afterEach(() => database.remove());
  const platform = (environment: Record<string, string> = {}) => ({
    warehouse: database.warehouse,
    settings: readSettings(environment),
    clock: testClock(),
    newId: () => 'batch-1',
  });
  const store = (instance: string, one: InstanceSeries, of = set) =>
    storeSeries(database.warehouse, of, instance, one, seededRandom(1), signal());
  const window = { from: timeOf(0), to: timeOf(200) };

  test('are those in memory, instance by instance, with a quality of each and of all', async () => {
    const all = { a: series(1, 60), b: series(2, 40) };
    await store('b', all.b);
    await store('a', all.a);
    const read = await readTrainingFeatures(platform(), { set, ...window }, signal());
    expect(read.instances).toEqual(['a', 'b']);
    // The last reading is carried on for five minutes.
    expect(read.matrix).toMatchObject({ n: 65 + 45, d: set.names.length });
    for (const [index, instance] of ['a', 'b'].entries()) {
      const rows = [...read.instanceOf.keys()].filter((row) => read.instanceOf[row] === index);
      const expected = computeFeatures(set, all[instance as 'a' | 'b']);
      expectSameFeatures(
        set,
        (row, column) => read.matrix.values[rows[row]! * read.matrix.d + column]!,
        (row, column) => expected.values[row * expected.d + column]!,
        expected.n,
      );
      expect(read.minutes[rows[0]!]).toBe(startMinute);
    }
    expect(read.quality).toMatchObject({ batchId: 'batch-1', subject: 'features', scope: 'all', rows: 110 });
    const history = await database.warehouse.dataQuality({ subject: 'features', limit: 10 }, signal());
    expect(history.map(({ scope }) => scope).sort()).toEqual(['a', 'all', 'b']);
    expect(await database.warehouse.countQuarantined({ source: 'features' }, signal())).toBe(0);
  });

  test('leave out rows without a critical metric, and set them and unusable points aside', async () => {
    const broken = series(3, 60, (row, [load, requests]) => [
      row >= 20 && row < 30 ? nan : row === 50 ? -7 : load!,
      requests!,
    ]);
    await store('a', broken);
    const read = await readTrainingFeatures(platform(), { set, ...window }, signal());
    // Five of the ten minutes are carried over.
    expect(read.matrix.n).toBe(60);
    expect([...read.minutes]).not.toContain(startMinute + 27);
    const quarantined = await database.warehouse.quarantined({ source: 'features', limit: 10 }, signal());
    expect(quarantined.map(({ reasonCode }) => reasonCode).sort()).toEqual([
      'CRITICAL_MISSING',
      'VALUE_OUT_OF_RANGE',
    ]);
    const stretch = quarantined.find(({ reasonCode }) => reasonCode === 'CRITICAL_MISSING')!;
    expect(JSON.parse(stretch.rowJson)).toMatchObject({
      first: timeOf(25),
      last: timeOf(29),
      metrics: ['load'],
    });
    expect(read.quality).toMatchObject({ rows: 65, accepted: 60, quarantined: 5 });
    expect(read.quality.score).toBeLessThan(1);
  });

  test('of too poor a quality fail, naming the columns, with the score kept', async () => {
    await store(
      'a',
      series(4, 100, (row, [load, requests]) => [row < 5 ? load! : nan, requests!]),
    );
    const reading = readTrainingFeatures(platform(), { set, ...window }, signal());
    await expect(reading).rejects.toMatchObject({
      code: 'DATA_QUALITY_LOW',
      culprit: { columns: expect.arrayContaining(['load']) as unknown, minimum: 0.8 },
    });
    const [all] = await database.warehouse.dataQuality({ scope: 'all', limit: 1 }, signal());
    expect(all!.score).toBeLessThan(0.8);
    const lenient = readTrainingFeatures(
      platform({ ANOMALY_MINIMUM_QUALITY: '0.1' }),
      { set, ...window },
      signal(),
    );
    expect((await lenient).matrix.n).toBe(10);
  });

  test('take the metrics that most instances report when no set is given, in the time zone of the settings', async () => {
    await store('a', series(5, 20));
    await store('b', series(6, 20));
    const other = featureSetFor([{ name: 'rare', kind: 'gauge' }, ...set.metrics]);
    const values = Float64Array.from({ length: 3 * 20 }, (_, index) => index);
    await store('c', { startMinute, values: { values, n: 20, d: 3 } }, other);
    const read = await readTrainingFeatures(platform({ ANOMALY_TIME_ZONE: 'Asia/Tokyo' }), window, signal());
    expect(read.set.metrics).toEqual([
      { name: 'load', kind: 'gauge' },
      { name: 'requests', kind: 'counter' },
    ]);
    expect(read.set.timeZone).toBe('Asia/Tokyo');
    expect(read.instances).toEqual(['a', 'b', 'c']);
  });

  test('include ratios and correlations of metrics that move together, and keep those of an earlier set', async () => {
    const random = seededRandom(5);
    const declared = featureSetFor(
      ['alone', 'busy', 'follows'].map((name) => ({ name, kind: 'gauge' as const })),
    );
    const rows = Array.from({ length: 200 }, () => {
      const busy = 50 + 10 * random.normal();
      return [random.normal(), busy, 3 * busy + random.normal()];
    });
    const stored = { startMinute, values: { values: Float64Array.from(rows.flat()), n: 200, d: 3 } };
    await store('a', stored, declared);
    const { set: derived, matrix } = await readTrainingFeatures(platform(), window, signal());
    const pairs = derived.names.filter((name) => /__per__|__correlation_/.test(name));
    expect(pairs).toEqual(['busy__per__follows', 'busy__correlation_15m__follows']);
    const ratio = matrix.values[100 * matrix.d + derived.names.indexOf('busy__per__follows')]!;
    expect(ratio).toBeGreaterThan(0.3);
    expect(ratio).toBeLessThan(0.4);

    const earlier = featureSetFor(derived.metrics, {
      ratios: [['alone', 'busy']],
    });
    const again = await readTrainingFeatures(platform(), { ...window, earlier }, signal());
    expect(again.set.names.filter((name) => /__per__|__correlation_/.test(name))).toEqual([
      'alone__per__busy',
    ]);
    const fewer = featureSetFor(derived.metrics.slice(1), { ratios: [['follows', 'busy']] });
    const anew = await readTrainingFeatures(platform(), { ...window, earlier: fewer }, signal());
    expect(anew.set.id).toBe(derived.id);
  });

  test('can be of chosen instances, and of a part of the time with what came before in view', async () => {
    const one = series(7, 60);
    await store('a', one);
    await store('b', series(8, 60));
    const read = await readTrainingFeatures(
      platform(),
      { set, instances: ['a'], from: timeOf(30), to: timeOf(40) },
      signal(),
    );
    const expected = computeFeatures(set, one);
    expect(read.instances).toEqual(['a']);
    expectSameFeatures(
      set,
      (row, column) => read.matrix.values[row * read.matrix.d + column]!,
      (row, column) => expected.values[(30 + row) * expected.d + column]!,
      10,
    );
  });

  test('of nothing are refused', async () => {
    await expect(readTrainingFeatures(platform(), window, signal())).rejects.toMatchObject({
      code: 'DATA_EMPTY',
    });
    await expect(readTrainingFeatures(platform(), { set, ...window }, signal())).rejects.toMatchObject({
      code: 'DATA_EMPTY',
    });
  });
});
