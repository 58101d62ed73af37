import { describe, expect, test } from '@jest/globals';
import { evidenceSources, type Evidence } from '../../../../src/anomalies/train/evidence';
import { gateChecks } from '../../../../src/anomalies/train/pipeline/gateChecks';
import {
  compareWithChampion,
  figuresOf,
  knownRows,
  type HeldOutRows,
  type Judged,
} from '../../../../src/anomalies/train/pipeline/judgeHeldOut';
import { seededRandom } from '../../../../src/contracts';
import { evaluateGate } from '../../../../src/registry';

type Source = (typeof evidenceSources)[number];
interface Row {
  readonly source: Source;
  readonly label: number;
  /** What the model says of it. */
  readonly probability: number;
  readonly weight?: number;
  /** Of one instance; every hour is an event of its own. */
  readonly hour: number;
}

/** The model reads its answer from the only feature. */
const model: Judged = { threshold: 0.5, score: ({ values }) => ({ probabilities: values }) };
const contrary: Judged = {
  threshold: 0.5,
  score: ({ values }) => ({ probabilities: values.map((value) => 1 - value) }),
};
const limits = { f1: 0.85, precision: 0.9 };

function heldOut(rows: readonly Row[]): HeldOutRows {
  const evidence: Evidence = {
    labels: Int8Array.from(rows, ({ label }) => label),
    weights: Float32Array.from(rows, ({ weight }) => weight ?? 1),
    sources: Uint8Array.from(rows, ({ source }) => evidenceSources.indexOf(source)),
    clearedShare: 0,
    anomalousEvents: 0,
    normalEvents: 0,
    strongBandPrecision: 1,
  };
  const values = Float32Array.from(rows, ({ probability }) => probability);
  return knownRows(
    {
      rows: { values, n: rows.length, d: 1 },
      instances: rows.map(() => 'web-1'),
      minutes: Int32Array.from(rows, ({ hour }) => hour * 60),
    },
    evidence,
  );
}

const many = (count: number, row: (index: number) => Row): Row[] =>
  Array.from({ length: count }, (_, index) => row(index));
/** Reviewed anomalies that the model finds, one in each hour. */
const found = (count: number): Row[] =>
  many(count, (hour) => ({ source: 'verdict', label: 1, probability: 0.9, hour }));
const quiet = (count: number, probability: number): Row[] =>
  many(count, (hour) => ({ source: 'band', label: 0, probability, hour: 100 + hour }));
const gate = (rows: readonly Row[]) =>
  evaluateGate(gateChecks(figuresOf(model, heldOut(rows)), limits, undefined));

describe('figures on the held-out time', () => {
  test('are given apart for what people judged, with the rows behind them', () => {
    const rows: Row[] = [
      ...found(4),
      { source: 'verdict', label: 1, probability: 0.1, hour: 4 },
      { source: 'neighbour', label: 1, probability: 0.9, hour: 4, weight: 0.5 },
      ...quiet(8, 0.1),
      ...quiet(2, 0.9),
    ];
    expect(figuresOf(model, heldOut(rows))).toMatchObject({
      rows: 16,
      anomalies: 6,
      reviewedRows: 5,
      reviewedAnomalies: 5,
      reviewedEvents: 5,
      recall: 4.5 / 5.5,
      precision: 4.5 / 6.5,
      reviewed: { recall: 0.8, precision: 1 },
    });
  });

  test('anomalies that only an isolation forest saw, and doubtful rows, are nobody’s measure', () => {
    const rows: Row[] = [
      ...found(4),
      ...quiet(4, 0.1),
      ...many(50, (hour) => ({ source: 'band', label: 1, probability: 0.9, hour })),
      ...many(50, (hour) => ({ source: 'doubtful', label: 0, probability: 0.9, hour })),
    ];
    expect(figuresOf(model, heldOut(rows))).toMatchObject({ rows: 8, anomalies: 4, precision: 1, recall: 1 });
  });

  test('are none where people saw anomalies in fewer than three hours, however many minutes they judged', () => {
    const twoHours = many(
      40,
      (index) => ({ source: 'verdict', label: 1, probability: 0.9, hour: index % 2 }) as const,
    );
    expect(figuresOf(model, heldOut([...twoHours, ...quiet(40, 0.1)]))).toBeUndefined();
    const { passed, checks } = gate([...twoHours, ...quiet(40, 0.1)]);
    expect(passed).toBe(false);
    expect(checks[0]!.reason).toContain('review more');
  });
});

describe('the gate', () => {
  test('passes a model that people and the quiet rows bear out, and says how many', () => {
    const { passed, checks } = gate([...found(10), ...quiet(90, 0.1)]);
    expect(passed).toBe(true);
    expect(checks.map(({ reason }) => reason)).toEqual([
      'f1 1.000 over 100 known rows with 10 anomalies of the held-out time, more than 0.85 is needed',
      'f1 1.000 over 10 reviewed rows with 10 anomalies of the held-out time, more than 0.85 is needed',
      'precision 1.000 over 100 known rows with 10 anomalies of the held-out time, more than 0.9 is needed',
      'people agreed with 10 of 10 alarms of the held-out time: precision 1.000, surely not above 1.000; more than 0.9 has to be possible',
    ]);
  });

  test('what was concluded never makes up for verdicts', () => {
    const missed = many(8, (hour) => ({ source: 'verdict', label: 1, probability: 0.1, hour }) as const);
    const near = many(200, (hour) => ({ source: 'neighbour', label: 1, probability: 0.9, hour }) as const);
    const { passed, checks } = gate([...found(4), ...missed, ...near, ...quiet(100, 0.1)]);
    expect(passed).toBe(false);
    expect(checks.filter((check) => !check.passed).map(({ name }) => name)).toEqual(['f1 of reviewed rows']);
  });

  test('alarms that people denied refuse a model when they are more than chance, not for one too many of a few', () => {
    const denied = (count: number): Row[] =>
      many(count, (index) => ({ source: 'verdict', label: 0, probability: 0.9, hour: 50 + index }));
    const refusals = (rows: readonly Row[]): string[] =>
      gate(rows)
        .checks.filter((check) => !check.passed)
        .map(({ name }) => name);
    // 18 of 20 is .9, and so may a model be that is right 19 times of 20; 180 of 210 is not.
    expect(refusals([...found(18), ...denied(2), ...quiet(900, 0.1)])).not.toContain(
      'precision of reviewed rows',
    );
    expect(refusals([...found(180), ...denied(30), ...quiet(900, 0.1)])).toContain(
      'precision of reviewed rows',
    );
    expect(refusals([...found(6), ...denied(6), ...quiet(900, 0.1)])).toContain('precision of reviewed rows');
  });

  test('false alarms among rows that nobody judged refuse a model', () => {
    const { passed, checks } = gate([...found(10), ...quiet(90, 0.1), ...quiet(10, 0.9)]);
    expect(passed).toBe(false);
    expect(checks.filter((check) => !check.passed).map(({ name }) => name)).toEqual(['f1', 'precision']);
  });
});

describe('against the champion', () => {
  const against = (rows: HeldOutRows, ours: Judged, theirs: Judged) =>
    gateChecks(figuresOf(ours, rows), limits, compareWithChampion(ours, theirs, rows, seededRandom(1))).at(
      -1,
    )!;

  test('a worse model is refused, an equal one passes, and the anomalies behind it are told', () => {
    const rows = heldOut([...found(8), ...quiet(40, 0.1)]);
    expect(against(rows, contrary, model)).toMatchObject({ passed: false });
    const equal = against(rows, model, model);
    expect(equal).toMatchObject({ passed: true, value: 0 });
    expect(equal.reason).toContain('over 8 reviewed anomalies of 8 hours');
  });

  test('too few anomalies to tell is a refusal with its reason, not a pass', () => {
    const rows = heldOut([...found(4), ...quiet(40, 0.1)]);
    const check = against(rows, model, contrary);
    expect(check).toMatchObject({ name: 'not worse than the champion', value: null, passed: false });
    expect(check.reason).toContain('too few to hold it against the champion');
  });

  test('without a champion nothing is compared, and one with other features is left to requests', () => {
    const figures = figuresOf(model, heldOut([...found(8), ...quiet(40, 0.1)]));
    expect(gateChecks(figures, limits, undefined)).toHaveLength(4);
    expect(gateChecks(figures, limits, 'not comparable').at(-1)).toMatchObject({ value: null, passed: true });
  });
});
