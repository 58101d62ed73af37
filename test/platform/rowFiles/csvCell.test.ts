import { expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { csvCell, withoutApostrophe } from '../../../src/platform/rowFiles/csvCell';

test.each([
  ['=HYPERLINK("x")', `"'=HYPERLINK(""x"")"`],
  ['@SUM(1)', "'@SUM(1)"],
  ['  =1+1', "'  =1+1"],
  ['＝1+1', "'＝1+1"],
  ['\t=1', `"'\t=1"`],
  ['-1.5e-3', '-1.5e-3'],
  ['+49', '+49'],
  ['-cmd', "'-cmd"],
  ['two\nlines, "quoted"', '"two\nlines, ""quoted"""'],
  ['a;b', '"a;b"'],
  ['plain', 'plain'],
  ['', ''],
])('the cell %j is written as %s, and read back as it was', (text, cell) => {
  expect(csvCell(text)).toBe(cell);
  const [[read]] = parse(`${cell}\n`, { skip_empty_lines: false }) as [[string]];
  expect(withoutApostrophe(read)).toBe(text);
});

test("an apostrophe of the text's own stays", () => {
  expect(withoutApostrophe("'tis")).toBe("'tis");
});
