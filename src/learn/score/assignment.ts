/**
 * The cheapest assignment of rows to columns, each used once: the Hungarian algorithm with potentials and
 * shortest augmenting paths (Jonker and Volgenant, 1987), O(rows² · columns).
 * @param cost rows × columns, row-major, with rows ≤ columns.
 * @returns the column of each row.
 */
export function cheapestAssignment(cost: Float64Array, rows: number, columns: number): Int32Array {
  const rowPotential = new Float64Array(rows + 1);
  const columnPotential = new Float64Array(columns + 1);
  // Index 0 stands for "none", so rows and columns count from 1 here.
  const rowOfColumn = new Int32Array(columns + 1);
  const previousColumn = new Int32Array(columns + 1);
  const slack = new Float64Array(columns + 1);
  const visited = new Uint8Array(columns + 1);
  for (let start = 1; start <= rows; start++) {
    rowOfColumn[0] = start;
    slack.fill(Infinity);
    visited.fill(0);
    let column = 0;
    do {
      visited[column] = 1;
      const row = rowOfColumn[column]!;
      let nearest = 0;
      let step = Infinity;
      for (let other = 1; other <= columns; other++) {
        if (visited[other]) continue;
        const reduced = cost[(row - 1) * columns + other - 1]! - rowPotential[row]! - columnPotential[other]!;
        if (reduced < slack[other]!) {
          slack[other] = reduced;
          previousColumn[other] = column;
        }
        if (slack[other]! < step) {
          step = slack[other]!;
          nearest = other;
        }
      }
      for (let other = 0; other <= columns; other++) {
        if (visited[other]) {
          rowPotential[rowOfColumn[other]!]! += step;
          columnPotential[other]! -= step;
        } else slack[other]! -= step;
      }
      column = nearest;
    } while (rowOfColumn[column] !== 0);
    while (column !== 0) {
      const before = previousColumn[column]!;
      rowOfColumn[column] = rowOfColumn[before]!;
      column = before;
    }
  }
  const columnOfRow = new Int32Array(rows);
  for (let column = 1; column <= columns; column++) {
    if (rowOfColumn[column]! > 0) columnOfRow[rowOfColumn[column]! - 1] = column - 1;
  }
  return columnOfRow;
}
