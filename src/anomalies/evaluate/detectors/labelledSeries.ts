import { QuarterdeckError } from '../../../contracts';
import type { Matrix } from '../../../learn/matrix';
import type { MachineFiles } from './machineFiles';
import { readMetricTable, type MetricTable } from './metricTable';

/** One machine: unlabelled rows to fit on, and later rows with labels to judge by. */
export interface LabelledSeries {
  readonly name: string;
  readonly columns: readonly string[];
  readonly train: Matrix;
  readonly test: Matrix;
  /** 1 for anomalous rows of `test`. */
  readonly labels: Uint8Array;
}

const labelColumn = 'anomaly';
/** Columns that say when, not how much. A clock would tell test from training. */
const timeColumns = new Set(['', 'minute', 'timestamp', 'time', 'date', 'datetime', 'index', 'row']);

/**
 * The metrics that training and test have in common, in the order of training.
 * @throws NOT_FOUND when a file is missing; FILE_COLUMN_MISSING without the label column or a common metric;
 * FILE_MALFORMED, also for labels other than 0 and 1; LABELS_ONE_CLASS when no row of the test is anomalous.
 */
export async function readLabelledSeries(
  machine: MachineFiles,
  signal?: AbortSignal,
): Promise<LabelledSeries> {
  const train = await readMetricTable(present(machine, 'train'), signal);
  const testFile = present(machine, 'test');
  const test = await readMetricTable(testFile, signal);
  const labels = labelsOf(test, testFile);
  const columns = train.columns.filter(
    (name) => name !== labelColumn && !timeColumns.has(name.toLowerCase()) && test.columns.includes(name),
  );
  if (columns.length === 0) {
    throw new QuarterdeckError('FILE_COLUMN_MISSING', `${machine.name}: training and test share no metric`, {
      culprit: { series: machine.name },
    });
  }
  return {
    name: machine.name,
    columns,
    train: pick(train, columns),
    test: pick(test, columns),
    labels,
  };
}

function present(machine: MachineFiles, part: 'train' | 'test'): string {
  const file = machine[part];
  if (file !== undefined) return file;
  throw new QuarterdeckError('NOT_FOUND', `${machine.name} has no ${part} file`, {
    culprit: { series: machine.name },
  });
}

function labelsOf({ columns, rows, values }: MetricTable, file: string): Uint8Array {
  const column = columns.indexOf(labelColumn);
  if (column < 0) {
    throw new QuarterdeckError('FILE_COLUMN_MISSING', `${file} has no column ${labelColumn}`, {
      culprit: { file, column: labelColumn },
    });
  }
  const labels = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    const label = values[row * columns.length + column]!;
    if (label !== 0 && label !== 1) {
      throw new QuarterdeckError(
        'FILE_MALFORMED',
        `${file}, row ${row}: a label is ${label}, neither 0 nor 1`,
        {
          culprit: { file, row, column: labelColumn },
        },
      );
    }
    labels[row] = label;
  }
  if (!labels.includes(1)) {
    throw new QuarterdeckError('LABELS_ONE_CLASS', `${file} has no row that is labelled an anomaly`, {
      culprit: { file },
    });
  }
  return labels;
}

function pick(table: MetricTable, columns: readonly string[]): Matrix {
  const from = columns.map((name) => table.columns.indexOf(name));
  const width = table.columns.length;
  const values = new Float32Array(table.rows * columns.length);
  for (let row = 0, at = 0; row < table.rows; row++) {
    for (const column of from) values[at++] = table.values[row * width + column]!;
  }
  return { values, n: table.rows, d: columns.length };
}
