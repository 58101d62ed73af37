import { describe, expect, it } from '@jest/globals';
import { ApiError } from '../../support/bigqueryServer/apiError';
import { translate, type Catalog, type ParameterType } from '../../support/bigqueryServer/googleSql';

/** The server is the judge of the adapter's SQL, so what it lets through is tested itself. */
describe('the GoogleSQL that the local BigQuery takes', () => {
  const columns: Readonly<Record<string, ParameterType>> = {
    number: { type: 'STRING', array: false },
    at: { type: 'TIMESTAMP', array: false },
    embedding: { type: 'FLOAT64', array: true },
  };
  const catalog: Catalog = {
    table: (reference) => `"${reference}"`,
    columnTypes: (_references, column) => (columns[column] ? [columns[column]] : []),
  };
  const parameters = new Map<string, ParameterType>([
    ['text', { type: 'STRING', array: false }],
    ['texts', { type: 'STRING', array: true }],
    ['time', { type: 'TIMESTAMP', array: false }],
    ['count', { type: 'INT64', array: false }],
  ]);
  const sql = (statement: string): string => translate(statement, parameters, catalog).sql;

  it('is written anew where the engines differ', () => {
    expect(sql('SELECT t.number FROM `p.d.t` t WHERE t.number IN UNNEST(@texts) LIMIT @count')).toBe(
      'SELECT t . number FROM "p.d.t" t WHERE t . number IN (SELECT unnest ( $texts )) LIMIT $count',
    );
    expect(sql('SELECT TIMESTAMP_TRUNC(t.`at`, WEEK(MONDAY)) FROM `p.d.t` t')).toContain(
      `CAST(date_trunc ('week', t . "at" ) AS TIMESTAMP)`,
    );
    expect(sql('SELECT CAST(NULL AS STRING) AS `number` FROM `p.d.t`')).toContain('CAST ( NULL AS VARCHAR )');
  });

  it.each([
    ['a reserved word as a name', 'SELECT q.x, at FROM `p.d.t` q'],
    ['an unknown function', 'SELECT CURRENT_TIMESTAMP() FROM `p.d.t`'],
    ["DuckDB's own functions", 'SELECT t.number FROM `p.d.t` t WHERE contains(t.number, @text)'],
    ["DuckDB's parameters", 'SELECT t.number FROM `p.d.t` t WHERE t.number = $text'],
    ['a literal text', `SELECT t.number FROM \`p.d.t\` t WHERE t.number = 'x'`],
    ['two statements', 'SELECT t.number FROM `p.d.t` t; DROP TABLE x'],
    ['a comment', 'SELECT t.number FROM `p.d.t` t -- all'],
    ['a parameter that is not given', 'SELECT t.number FROM `p.d.t` t WHERE t.number = @other'],
    ['a time compared with a text', 'SELECT t.number FROM `p.d.t` t WHERE t.`at` > @text'],
    ['a text compared with a list', 'SELECT t.number FROM `p.d.t` t WHERE t.number = @texts'],
    ['a limit that is no number', 'SELECT t.number FROM `p.d.t` t LIMIT @text'],
    ['a tuple compared by size', 'SELECT t.number FROM `p.d.t` t WHERE (t.`at`, t.number) > (@time, @text)'],
    ['another week', 'SELECT TIMESTAMP_TRUNC(t.`at`, WEEK(SUNDAY)) FROM `p.d.t` t'],
    ['a statement that changes the layout', 'DROP TABLE `p.d.t`'],
  ])('does not have %s', (_name, statement) => {
    expect(() => sql(statement)).toThrow(ApiError);
  });
});
