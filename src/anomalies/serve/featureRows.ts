import { mostInferenceRows, QuarterdeckError, type ScoreRequest } from '../../contracts';
import type { Matrix } from '../../learn/matrix';

/** Most names listed in an error: an answer is not to grow with the mistakes in a request. */
const mostNamed = 20;

/**
 * Rows of ready features in the model's order, whatever order the caller has them in.
 * @throws FEATURES_MISMATCH naming features that the model does not know or that are lacking; INPUT_INVALID naming row
 * and feature of a value that is none
 */
export function featureRows(
  features: NonNullable<ScoreRequest['features']>,
  known: readonly string[],
  allowMissing: boolean,
): Matrix {
  return Array.isArray(features)
    ? fromObjects(features, known, allowMissing)
    : fromTable(features.names, features.rows, known, allowMissing);
}

function fromTable(
  names: readonly string[],
  rows: unknown,
  known: readonly string[],
  allowMissing: boolean,
): Matrix {
  if (!Array.isArray(rows) || rows.length === 0 || rows.length > mostInferenceRows) {
    throw invalid(`features.rows is a list of 1 to ${mostInferenceRows} rows`, 'features.rows');
  }
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) throw invalid(`feature "${repeated}" is named twice`, 'features.names');
  checkNames(names, known, allowMissing);
  const order = columnsOf(known);
  const targets = names.map((name) => order.get(name)!);
  const d = known.length;
  const values = new Float32Array(rows.length * d).fill(Number.NaN);
  (rows as unknown[]).forEach((row, index) => {
    if (!Array.isArray(row) || row.length !== names.length) {
      const has = Array.isArray(row) ? `${row.length} values` : 'no list';
      throw invalid(`row ${index} has ${has}, ${names.length} features are named`, `features.rows.${index}`);
    }
    for (let column = 0; column < targets.length; column++) {
      const value: unknown = row[column];
      values[index * d + targets[column]!] =
        typeof value === 'number' && Number.isFinite(Math.fround(value))
          ? value
          : oddValue(value, index, names[column]!, allowMissing);
    }
  });
  return { values, n: rows.length, d };
}

function fromObjects(rows: readonly unknown[], known: readonly string[], allowMissing: boolean): Matrix {
  const order = columnsOf(known);
  const d = known.length;
  const values = new Float32Array(rows.length * d).fill(Number.NaN);
  rows.forEach((row, index) => {
    if (typeof row !== 'object' || row === null || Array.isArray(row)) {
      throw invalid(`row ${index} is no object of features`, `features.${index}`);
    }
    const entries = Object.entries(row);
    checkNames(
      entries.map(([name]) => name),
      known,
      allowMissing,
      index,
    );
    for (const [name, value] of entries as [string, unknown][]) {
      values[index * d + order.get(name)!] =
        typeof value === 'number' && Number.isFinite(Math.fround(value))
          ? value
          : oddValue(value, index, name, allowMissing);
    }
  });
  return { values, n: rows.length, d };
}

const orders = new WeakMap<readonly string[], ReadonlyMap<string, number>>();

function columnsOf(known: readonly string[]): ReadonlyMap<string, number> {
  let order = orders.get(known);
  if (!order) {
    order = new Map(known.map((name, column) => [name, column]));
    orders.set(known, order);
  }
  return order;
}

function oddValue(value: unknown, row: number, name: string, allowMissing: boolean): number {
  if (value === null && allowMissing) return Number.NaN;
  const what =
    value === null
      ? 'is null; with "allowMissing": true it counts as missing'
      : typeof value === 'number'
        ? 'does not fit into a 32-bit float'
        : `is not a number but ${typeof value}`;
  throw new QuarterdeckError('INPUT_INVALID', `row ${row}: "${name.slice(0, 100)}" ${what}`, {
    culprit: { row, column: name.slice(0, 100) },
  });
}

function checkNames(
  names: readonly string[],
  known: readonly string[],
  allowMissing: boolean,
  row?: number,
): void {
  const order = columnsOf(known);
  const unknown = names.filter((name) => !order.has(name));
  const given = new Set(names);
  const lacking = allowMissing
    ? []
    : given.size >= known.length && unknown.length === 0
      ? []
      : known.filter((name) => !given.has(name));
  if (unknown.length === 0 && lacking.length === 0) return;
  const where = row === undefined ? '' : `row ${row}: `;
  const said = [
    ...(unknown.length > 0 ? [`the model does not know ${listed(unknown)}`] : []),
    ...(lacking.length > 0
      ? [`${listed(lacking)} lacking; with "allowMissing": true they count as missing`]
      : []),
  ];
  throw new QuarterdeckError('FEATURES_MISMATCH', `${where}${said.join('; ')}`, {
    culprit: {
      ...(row !== undefined && { row }),
      unknown: unknown.slice(0, mostNamed).map((name) => name.slice(0, 100)),
      lacking: lacking.slice(0, mostNamed),
    },
  });
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, mostNamed).map((name) => `"${name.slice(0, 100)}"`);
  const more = names.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function invalid(message: string, field: string): QuarterdeckError {
  return new QuarterdeckError('INPUT_INVALID', message, { culprit: { field } });
}
