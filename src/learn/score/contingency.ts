import { QuarterdeckError } from '../../contracts';

/** How often each pair of labels meets. Only pairs that occur are listed. */
export interface Contingency {
  readonly n: number;
  /** Size of each class of the first labelling, in order of first appearance. */
  readonly rowSizes: Float64Array;
  /** Size of each class of the second labelling, in order of first appearance. */
  readonly columnSizes: Float64Array;
  readonly cells: readonly { readonly row: number; readonly column: number; readonly count: number }[];
}

/**
 * Counts the pairs of two labellings of the same rows. Labels are names, not amounts: −1 is a class like any
 * other.
 * @throws DATA_RAGGED when the labellings differ in length, DATA_EMPTY when there are no labels.
 */
export function contingencyOf(a: Int32Array, b: Int32Array): Contingency {
  if (a.length !== b.length) {
    throw new QuarterdeckError('DATA_RAGGED', `${a.length} labels against ${b.length}`, {
      culprit: { row: Math.min(a.length, b.length) },
    });
  }
  if (a.length === 0) throw new QuarterdeckError('DATA_EMPTY', 'there are no labels to compare');
  const rows = numberInOrder(a);
  const columns = numberInOrder(b);
  const counts = new Map<number, number>();
  for (let index = 0; index < a.length; index++) {
    const cell = rows.codes[index]! * columns.sizes.length + columns.codes[index]!;
    counts.set(cell, (counts.get(cell) ?? 0) + 1);
  }
  const cells = Array.from(counts, ([cell, count]) => ({
    row: Math.floor(cell / columns.sizes.length),
    column: cell % columns.sizes.length,
    count,
  }));
  return { n: a.length, rowSizes: rows.sizes, columnSizes: columns.sizes, cells };
}

function numberInOrder(labels: Int32Array): { codes: Int32Array; sizes: Float64Array } {
  const codeOf = new Map<number, number>();
  const sizes: number[] = [];
  const codes = labels.map((label) => {
    let code = codeOf.get(label);
    if (code === undefined) {
      code = sizes.length;
      codeOf.set(label, code);
      sizes.push(0);
    }
    sizes[code]!++;
    return code;
  });
  return { codes, sizes: Float64Array.from(sizes) };
}
