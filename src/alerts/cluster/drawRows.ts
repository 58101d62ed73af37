import type { Random } from '../../contracts';
import { rowOf, type Matrix } from '../../learn/matrix';

/** Numbers of at most `limit` of `n` rows, drawn without putting back, ascending. */
export function drawRowNumbers(n: number, limit: number, random: Random): Int32Array {
  const numbers = Int32Array.from({ length: n }, (_, row) => row);
  if (n <= limit) return numbers;
  for (let index = 0; index < limit; index++) {
    const other = index + random.integer(n - index);
    const held = numbers[index]!;
    numbers[index] = numbers[other]!;
    numbers[other] = held;
  }
  return numbers.slice(0, limit).sort();
}

/** At most `limit` rows of the matrix, as they stand when there are no more. */
export function drawRows(rows: Matrix, limit: number, random: Random): Matrix {
  return rows.n <= limit ? rows : pickRows(rows, drawRowNumbers(rows.n, limit, random));
}

export function pickRows(rows: Matrix, numbers: Int32Array): Matrix {
  const values = new Float32Array(numbers.length * rows.d);
  numbers.forEach((row, index) => values.set(rowOf(rows, row), index * rows.d));
  return { values, n: numbers.length, d: rows.d };
}
