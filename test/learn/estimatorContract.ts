import { describe, expect, test } from '@jest/globals';
import { seededRandom, type ErrorCode, type Random } from '../../src/contracts';
import { matrix, matrixFromRows, type Matrix } from '../../src/learn/matrix';
import type { Progress, RunControl } from '../../src/learn/run';
import { createThreadPool } from '../../src/learn/threads';

/** What every estimator of src/learn promises; `describeEstimator` holds one to it. */
export interface EstimatorContract<Fitted> {
  readonly name: string;
  /** Fits with options that suit `sample`; asynchronous work is awaited. */
  fit(data: Matrix, random: Random, control?: RunControl): Fitted | Promise<Fitted>;
  /** Fewest rows that `fit` takes. */
  readonly minimumRows: number;
  /** Data to fit; three Gaussian groups of `sampleColumns` columns when left out. */
  sample?(rows: number): Matrix;
  readonly sampleRows?: number;
  toBytes(fitted: Fitted): Uint8Array;
  fromBytes(bytes: Uint8Array): Fitted;
  /** What the model says of new rows (labels, coordinates …), as numbers to compare. */
  answer(fitted: Fitted, queries: Matrix): ArrayLike<number> | Promise<ArrayLike<number>>;
  /** Group of each fitted row, where the model groups: must not depend on the order of rows. */
  partition?(fitted: Fitted): Int32Array;
  /** Whether rows that are all the same can be fitted; the code with which they are refused when not. */
  readonly identicalRows?: ErrorCode;
  /** Whether `fit` spreads over threads, and so must give the same bytes with and without them. */
  readonly threaded?: boolean;
  /** Whether NaN stands for a missing value and is taken; infinite values never are. */
  readonly missingAllowed?: boolean;
  /** Short work may do without progress and abort: true when `fit` reports and stops. */
  readonly longRunning?: boolean;
}

const seed = 20_260_701;
const sampleColumns = 4;
const defaultSampleRows = 150;

/** Three Gaussian groups, far apart. */
export function gaussianGroups(rows: number, columns = sampleColumns): Matrix {
  const random = seededRandom(seed);
  const values = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      values[row * columns + column] = random.normal() + (column === 0 ? 20 * (row % 3) : 0);
    }
  }
  return matrix(values, rows, columns);
}

function shuffledRows(data: Matrix): { data: Matrix; rowAt: Int32Array } {
  const random = seededRandom(seed + 1);
  const rowAt = Int32Array.from({ length: data.n }, (_, row) => row);
  for (let last = data.n - 1; last > 0; last--) {
    const other = random.integer(last + 1);
    const held = rowAt[last]!;
    rowAt[last] = rowAt[other]!;
    rowAt[other] = held;
  }
  const values = new Float32Array(data.values.length);
  rowAt.forEach((row, index) =>
    values.set(data.values.subarray(row * data.d, (row + 1) * data.d), index * data.d),
  );
  return { data: matrix(values, data.n, data.d), rowAt };
}

function withValue(data: Matrix, row: number, column: number, value: number): Matrix {
  const values = Float32Array.from(data.values);
  values[row * data.d + column] = value;
  return { ...data, values };
}

/** Groups renumbered in order of first appearance, so that partitions compare whatever the numbering. */
function canonical(groups: ArrayLike<number>): number[] {
  const numbers = new Map<number, number>([[-1, -1]]);
  return Array.from(groups, (group) => {
    if (!numbers.has(group)) numbers.set(group, numbers.size - 1);
    return numbers.get(group)!;
  });
}

export function describeEstimator<Fitted>(contract: EstimatorContract<Fitted>): void {
  const sample = (rows = contract.sampleRows ?? defaultSampleRows): Matrix =>
    contract.sample?.(rows) ?? gaussianGroups(rows);
  const fit = async (data: Matrix, control?: RunControl, random = seededRandom(seed)): Promise<Fitted> =>
    await contract.fit(data, random, control);
  const answer = async (model: Fitted, queries: Matrix): Promise<number[]> =>
    Array.from(await contract.answer(model, queries));
  const refusal = (code: ErrorCode, culprit: Record<string, unknown> = {}): unknown =>
    expect.objectContaining({ code, culprit: expect.objectContaining(culprit) });

  describe(`${contract.name} keeps the contract of estimators`, () => {
    test.each(contract.missingAllowed ? [Infinity, -Infinity] : [NaN, Infinity, -Infinity])(
      'a value of %p is refused with its row and column',
      async (value) => {
        const data = sample();
        await expect(fit(withValue(data, data.n - 2, 1, value))).rejects.toEqual(
          refusal('DATA_NOT_FINITE', { row: data.n - 2, column: 1 }),
        );
      },
    );

    test('ragged input is refused', async () => {
      const data = sample();
      const ragged = { ...data, values: data.values.subarray(1) };
      await expect(fit(ragged)).rejects.toEqual(refusal('DATA_RAGGED'));
      expect(() => matrixFromRows([[1, 2], [3]])).toThrow(refusal('DATA_RAGGED', { row: 1 }));
    });

    test('input without rows or without columns is refused', async () => {
      await expect(fit(matrix(new Float32Array(0), 0, sampleColumns))).rejects.toEqual(refusal('DATA_EMPTY'));
      await expect(fit(matrix(new Float32Array(0), sampleColumns, 0))).rejects.toEqual(refusal('DATA_EMPTY'));
    });

    test('too few rows are refused, just enough are taken', async () => {
      for (let rows = 1; rows < contract.minimumRows; rows++) {
        await expect(fit(sample(rows))).rejects.toEqual(refusal('DATA_TOO_FEW_ROWS'));
      }
      await expect(fit(sample(contract.minimumRows))).resolves.toBeDefined();
    });

    test('a constant column does no harm', async () => {
      const data = sample();
      const values = data.values.map((value, index) => (index % data.d === 1 ? 3.5 : value));
      const model = await fit({ ...data, values });
      expect(allFinite(await answer(model, { ...data, values }))).toBe(true);
    });

    if (contract.missingAllowed) {
      test('missing values are taken, and a column of nothing else does no harm', async () => {
        const data = sample();
        const values = data.values.map((value, index) =>
          index % data.d === 1 || index % 7 === 0 ? NaN : value,
        );
        const model = await fit({ ...data, values });
        expect(allFinite(await answer(model, { ...data, values }))).toBe(true);
      });
    }

    const identicalRows = (): Matrix => {
      const data = sample();
      return { ...data, values: data.values.map((_, index) => data.values[index % data.d]!) };
    };
    if (contract.identicalRows) {
      test('rows that are all the same are refused', async () => {
        await expect(fit(identicalRows())).rejects.toEqual(refusal(contract.identicalRows!));
      });
    } else {
      test('rows that are all the same are fitted, and answered without NaN', async () => {
        const data = identicalRows();
        expect(allFinite(await answer(await fit(data), data))).toBe(true);
      });
    }

    test('the same seed gives the same bytes, and the input stays as it was', async () => {
      const data = sample();
      const before = Float32Array.from(data.values);
      const first = contract.toBytes(await fit(data));
      const second = contract.toBytes(await fit(data));
      expect(Buffer.from(second).equals(Buffer.from(first))).toBe(true);
      expect(data.values).toEqual(before);
    });

    test('bytes bring back the same model', async () => {
      const data = sample();
      const model = await fit(data);
      const bytes = contract.toBytes(model);
      const again = contract.fromBytes(bytes);
      expect(Buffer.from(contract.toBytes(again)).equals(Buffer.from(bytes))).toBe(true);
      expect(await answer(again, data)).toEqual(await answer(model, data));
    });

    test('damaged bytes are refused', async () => {
      const bytes = contract.toBytes(await fit(sample()));
      const refused = refusal('MODEL_BYTES_INVALID');
      expect(() => contract.fromBytes(bytes.subarray(0, bytes.length - 8))).toThrow(refused);
      expect(() => contract.fromBytes(bytes.subarray(0, 3))).toThrow(refused);
      const altered = Uint8Array.from(bytes);
      altered[0]! ^= 0xff;
      expect(() => contract.fromBytes(altered)).toThrow(refused);
    });

    if (contract.partition) {
      test('the order of rows does not change the partition', async () => {
        const data = sample();
        const straight = contract.partition!(await fit(data));
        const { data: shuffled, rowAt } = shuffledRows(data);
        const mixed = contract.partition!(await fit(shuffled));
        const back = new Int32Array(data.n);
        rowAt.forEach((row, index) => (back[row] = mixed[index]!));
        expect(canonical(back)).toEqual(canonical(straight));
      });
    }

    test('queries of another width or with values that are no numbers are refused', async () => {
      const data = sample();
      const model = await fit(data);
      const narrow = matrix(new Float32Array(data.d - 1), 1, data.d - 1);
      await expect(answer(model, narrow)).rejects.toEqual(refusal('DATA_WIDTH_MISMATCH'));
      const spoilt = withValue(sample(3), 1, 2, contract.missingAllowed ? Infinity : NaN);
      await expect(answer(model, spoilt)).rejects.toEqual(refusal('DATA_NOT_FINITE', { row: 1, column: 2 }));
    });

    test('an answer does not depend on what is asked beside it', async () => {
      const data = sample();
      const model = await fit(data);
      const together = await answer(model, data);
      const width = together.length / data.n;
      for (const row of [0, 7, data.n - 1]) {
        const alone = matrix(data.values.slice(row * data.d, (row + 1) * data.d), 1, data.d);
        expect(await answer(model, alone)).toEqual(together.slice(row * width, (row + 1) * width));
      }
    });

    if (contract.longRunning) {
      test('progress moves forward within its bounds', async () => {
        const seen: Progress[] = [];
        await fit(sample(), { onProgress: (progress) => seen.push(progress) });
        expect(seen.length).toBeGreaterThan(0);
        const doneOf = new Map<string, number>();
        for (const { stage, done, total } of seen) {
          expect(done).toBeGreaterThanOrEqual(doneOf.get(stage) ?? 0);
          expect(done).toBeLessThanOrEqual(total);
          doneOf.set(stage, done);
        }
      });

      test('work that is told to stop stops, before it begins and on its way', async () => {
        await expect(fit(sample(), { signal: AbortSignal.abort() })).rejects.toEqual(refusal('ABORTED'));
        const controller = new AbortController();
        const onProgress = (): void => controller.abort();
        await expect(fit(sample(), { signal: controller.signal, onProgress })).rejects.toEqual(
          refusal('ABORTED'),
        );
      });
    }

    if (contract.threaded) {
      test('threads do not change the result, and a stop leaves them usable', async () => {
        const data = sample();
        const alone = contract.toBytes(await fit(data));
        const threads = createThreadPool(2);
        try {
          const controller = new AbortController();
          const onProgress = (): void => controller.abort();
          await expect(fit(data, { threads, signal: controller.signal, onProgress })).rejects.toEqual(
            refusal('ABORTED'),
          );
          const together = contract.toBytes(await fit(data, { threads }));
          expect(Buffer.from(together).equals(Buffer.from(alone))).toBe(true);
        } finally {
          await threads.close();
        }
      });
    }
  });
}

function allFinite(values: ArrayLike<number>): boolean {
  return Array.from(values).every((value) => Number.isFinite(value));
}
