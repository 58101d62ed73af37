import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/contracts';
import { matrix, rowOf, type Matrix } from '../../../src/learn/matrix';
import { detectorFromBytes } from '../../../src/learn/outlier';
import type { Detector, FittedDetector } from '../../../src/learn/outlier';
import { describeEstimator, gaussianGroups, type EstimatorContract } from '../estimatorContract';

/** What every detector promises beyond the contract of estimators; `describeDetector` holds one to both. */
export interface DetectorContract<Options extends object> {
  readonly detector: Detector<Options>;
  readonly options?: Partial<Options>;
  readonly sampleRows?: number;
  sample?(rows: number): Matrix;
  readonly threaded?: boolean;
  readonly longRunning?: boolean;
  /** Whether the fitted detector has a `stream`. */
  readonly streams?: boolean;
  readonly identicalRows?: EstimatorContract<FittedDetector>['identicalRows'];
  /** Rows to find one planted outlier in; Gaussian groups with a far row at the end when left out. */
  planted?(): { readonly data: Matrix; readonly row: number; readonly column: number };
}

const seed = 20_261_121;

/** Gaussian groups whose last row is far off in column 2. */
function plantedOutlier(rows: number): { data: Matrix; row: number; column: number } {
  const data = gaussianGroups(rows);
  const row = rows - 1;
  data.values[row * data.d + 2] = 60;
  return { data, row, column: 2 };
}

/** As `plantedOutlier`, for detectors that average over time: the last rows are all far off. */
export function plantedStretch(rows: number): { data: Matrix; row: number; column: number } {
  const planted = plantedOutlier(rows);
  const { data } = planted;
  for (let row = rows - stretchRows; row < rows; row++) data.values[row * data.d + 2] = 60;
  return planted;
}
const stretchRows = 12;

export function describeDetector<Options extends object>(contract: DetectorContract<Options>): void {
  const { detector } = contract;
  const options: Partial<Options> = contract.options ?? {};
  const rows = contract.sampleRows ?? 150;
  const fit = (data: Matrix): Promise<FittedDetector> => detector.fit(data, options, seededRandom(seed));
  const planted = (): { data: Matrix; row: number; column: number } =>
    contract.planted?.() ?? plantedOutlier(Math.min(rows, 150));

  describeEstimator<FittedDetector>({
    name: detector.name,
    fit: (data, random, run) => detector.fit(data, options, random, run),
    minimumRows: detector.minimumRows,
    sampleRows: rows,
    ...(contract.sample && { sample: (count: number) => contract.sample!(count) }),
    toBytes: (fitted) => fitted.toBytes(),
    fromBytes: detectorFromBytes,
    // To a series detector rows hang together in time; each is then asked as a series of its own.
    answer: (fitted, queries) =>
      fitted.kind === 'points' ||
      queries.d !== fitted.d ||
      queries.values.some((value) => Number.isNaN(value))
        ? fitted.score(queries)
        : Float64Array.from(
            { length: queries.n },
            (_, row) => fitted.score(matrix(rowOf(queries, row), 1, queries.d))[0]!,
          ),
    ...(contract.threaded !== undefined && { threaded: contract.threaded }),
    ...(contract.longRunning !== undefined && { longRunning: contract.longRunning }),
    ...(contract.identicalRows !== undefined && { identicalRows: contract.identicalRows }),
  });

  describe(`${detector.name} keeps the contract of detectors`, () => {
    test('scores a planted outlier above every other row and above its threshold', async () => {
      const { data, row } = planted();
      const fitted = await fit(data);
      const scores = fitted.score(data);
      expect(scores).toHaveLength(data.n);
      expect(scores.every((score) => Number.isFinite(score))).toBe(true);
      expect(scores.indexOf(Math.max(...scores))).toBe(row);
      expect(scores[row]).toBeGreaterThan(fitted.threshold);
    });

    test('explains a planted outlier by its column, with nothing negative', async () => {
      const { data, row, column } = planted();
      const contributions = (await fit(data)).explain(data, row);
      expect(contributions).toHaveLength(data.d);
      expect(contributions.every((value) => Number.isFinite(value) && value >= 0)).toBe(true);
      expect(contributions.indexOf(Math.max(...contributions))).toBe(column);
    });

    test('explains rows that are there and no others', async () => {
      const { data } = planted();
      const fitted = await fit(data);
      for (const row of [-1, 0.5, data.n, NaN]) {
        expect(() => fitted.explain(data, row)).toThrow(
          expect.objectContaining({ code: 'PARAMETER_INVALID' }),
        );
      }
    });

    test('an option that it does not know is refused by name', async () => {
      const unknown = { ...options, noSuchOption: 1 } as Partial<Options>;
      await expect(detector.fit(planted().data, unknown, seededRandom(seed))).rejects.toMatchObject({
        code: 'PARAMETER_INVALID',
        culprit: { option: 'noSuchOption' },
      });
    });

    test('names itself and its width', async () => {
      const fitted = await fit(planted().data);
      expect(fitted).toMatchObject({ name: detector.name, kind: detector.kind, d: planted().data.d });
    });

    if (detector.kind === 'series') {
      test('scores a row without looking ahead', async () => {
        const { data } = planted();
        const fitted = await fit(data);
        const all = fitted.score(data);
        for (const n of [1, 2, Math.floor(data.n / 2), data.n - 1]) {
          const head = matrix(data.values.slice(0, n * data.d), n, data.d);
          expect(fitted.score(head)).toEqual(all.slice(0, n));
        }
      });
    }

    test('has a stream where it is said to have one', async () => {
      const fitted = await fit(planted().data);
      expect(fitted.stream !== undefined).toBe(contract.streams === true);
    });

    if (contract.streams) {
      test('a stream scores as the whole does', async () => {
        const { data } = planted();
        const fitted = await fit(data);
        const stream = fitted.stream!();
        const scores = fitted.score(data);
        for (let row = 0; row < data.n; row++) {
          expect(stream.update(rowOf(data, row))).toBeCloseTo(scores[row]!, 9);
        }
      });

      test('a stream refuses a bad row and goes on as if it had not come', async () => {
        const { data } = planted();
        const fitted = await fit(data);
        const [disturbed, calm] = [fitted.stream!(), fitted.stream!()];
        const spoilt = Float32Array.from(rowOf(data, 0));
        spoilt[1] = NaN;
        for (let row = 0; row < data.n; row++) {
          expect(() => disturbed.update(spoilt)).toThrow(
            expect.objectContaining({ code: 'DATA_NOT_FINITE', culprit: { column: 1 } }),
          );
          expect(() => disturbed.update(new Float32Array(data.d + 1))).toThrow(
            expect.objectContaining({ code: 'DATA_WIDTH_MISMATCH' }),
          );
          expect(disturbed.update(rowOf(data, row))).toBe(calm.update(rowOf(data, row)));
        }
      });
    }
  });
}
