import { csvCell } from '../../platform/rowFiles/csvCell';

/** A column of a file: its heading, and its value in a row. Null is an empty cell. */
export type CsvColumn<Row> = readonly [heading: string, value: (row: Row) => string | number | null];

/** Characters of one piece: large enough that writing it is worth a call, small enough to be no burden. */
const pieceCharacters = 1 << 18;

/** Lines of a CSV file in pieces, so that a file of any length needs little memory. */
export function* csvPieces<Row>(columns: readonly CsvColumn<Row>[], rows: Iterable<Row>): Generator<string> {
  let piece = `${columns.map(([heading]) => heading).join(',')}\r\n`;
  for (const row of rows) {
    for (let at = 0; at < columns.length; at++) {
      const value = columns[at]![1](row);
      if (at > 0) piece += ',';
      if (value !== null) piece += typeof value === 'number' ? numberCell(value) : csvCell(value);
    }
    piece += '\r\n';
    if (piece.length >= pieceCharacters) {
      yield piece;
      piece = '';
    }
  }
  if (piece !== '') yield piece;
}

/** Six digits are more than any of these figures is worth; whole numbers keep all of theirs. */
function numberCell(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
}
