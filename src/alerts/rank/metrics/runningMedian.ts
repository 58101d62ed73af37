/**
 * Median of the known values of each window of `width` in a row, NaN where a window knows none.
 * @param width 1 or more
 * @returns length max(0, values.length − width + 1): the window that begins at each position
 */
export function runningMedian(values: Float64Array, width: number): Float64Array {
  const windows = Math.max(0, values.length - width + 1);
  const medians = new Float64Array(windows);
  // The window's known values in ascending order; windows are short, so that moving a few beats a tree.
  const sorted = new Float64Array(width);
  let known = 0;
  for (let end = 0; end < values.length; end++) {
    if (end >= width) known = remove(sorted, known, values[end - width]!);
    known = insert(sorted, known, values[end]!);
    if (end >= width - 1) medians[end - width + 1] = middle(sorted, known);
  }
  return medians;
}

/** Of the known values; NaN when there is none. */
export function median(values: Float64Array): number {
  const known = values.filter((value) => !Number.isNaN(value)).sort();
  return middle(known, known.length);
}

function middle(sorted: Float64Array, known: number): number {
  if (known === 0) return Number.NaN;
  const half = known >> 1;
  return known % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

function insert(sorted: Float64Array, known: number, value: number): number {
  if (Number.isNaN(value)) return known;
  let place = known;
  while (place > 0 && sorted[place - 1]! > value) {
    sorted[place] = sorted[place - 1]!;
    place--;
  }
  sorted[place] = value;
  return known + 1;
}

function remove(sorted: Float64Array, known: number, value: number): number {
  if (Number.isNaN(value)) return known;
  let place = 0;
  while (sorted[place] !== value) place++;
  sorted.copyWithin(place, place + 1, known);
  return known - 1;
}
