import { invalidQuery } from './apiError';
import { columnType, duckDbType, type ColumnType } from './schema';

/**
 * GoogleSQL into DuckDB's SQL, for the part of the language that the adapter speaks. What is not on a list here
 * is refused, so a statement that the real engine would read in another way cannot slip through.
 */
export interface Translation {
  readonly sql: string;
  readonly tables: readonly string[];
  readonly parameters: readonly string[];
  readonly merge: { readonly target: string; readonly duplicateMatches: string } | undefined;
}

export interface ParameterType {
  readonly type: ColumnType;
  readonly array: boolean;
}

export interface Catalog {
  /** DuckDB's quoted name of `project.dataset.table`. Throws notFound. */
  table(reference: string): string;
  /** Types of the column of that name in the given tables. */
  columnTypes(references: readonly string[], column: string): readonly ParameterType[];
}

interface Token {
  readonly kind: 'word' | 'quoted' | 'parameter' | 'number' | 'sign';
  readonly text: string;
}

const keywords = new Set(
  `ALL AND AS ASC BY CASE CAST CROSS DESC DISTINCT ELSE END EXISTS FALSE FROM GROUP IN INSERT INTO IS JOIN LEFT LIMIT MATCHED
   MERGE NOT NULL ON OR ORDER OVER PARTITION QUALIFY SELECT SET THEN TRUE UNION UPDATE USING VALUES WHEN WHERE WITH`.split(
    /\s+/,
  ),
);
const functions = new Set(
  `ABS COALESCE COUNT DIV GREATEST IF LAG LEAST LN LOWER MAX MAX_BY MIN ROW_NUMBER SAFE_DIVIDE SQRT STRPOS SUM
   UNIX_MICROS`.split(/\s+/),
);
/** https://cloud.google.com/bigquery/docs/reference/standard-sql/lexical#reserved_keywords, those not in use above. */
const reserved = new Set(
  `ANY ARRAY ASSERT_ROWS_MODIFIED AT BETWEEN COLLATE CONTAINS CREATE CUBE CURRENT DEFAULT DEFINE
   ENUM ESCAPE EXCEPT EXCLUDE EXTRACT FETCH FOLLOWING FOR FULL GROUPING GROUPS HASH HAVING IF IGNORE INNER INTERSECT
   INTERVAL LATERAL LIKE LOOKUP NATURAL NEW NO NULLS OF OUTER PRECEDING PROTO RANGE
   RECURSIVE RESPECT RIGHT ROLLUP ROWS SOME STRUCT TABLESAMPLE TO TREAT UNBOUNDED UNNEST WINDOW WITHIN`.split(
    /\s+/,
  ),
);
const tokenPattern =
  /\s+|`(?<quoted>[^`]+)`|@(?<parameter>[A-Za-z_]\w*)|(?<word>[A-Za-z_]\w*)|(?<number>\d+(?:\.\d+)?(?:e[+-]?\d+)?(?![\w.]))|(?<sign><=|>=|!=|<>|[().,=<>*+/]|-(?!-))/gy;

function tokenize(statement: string): Token[] {
  const tokens: Token[] = [];
  let end = 0;
  for (const match of statement.matchAll(tokenPattern)) {
    end = match.index + match[0].length;
    const [found] = Object.entries(match.groups!).filter(([, text]) => text !== undefined);
    if (found) tokens.push({ kind: found[0] as Token['kind'], text: found[1] });
  }
  if (end < statement.length) {
    throw invalidQuery(`Syntax error: Unexpected ${JSON.stringify(statement.slice(end, end + 20))}`);
  }
  return tokens;
}

export function translate(
  statement: string,
  parameters: ReadonlyMap<string, ParameterType>,
  catalog: Catalog,
): Translation {
  const tokens = tokenize(statement);
  const first = tokens[0]?.text.toUpperCase();
  if (first !== 'SELECT' && first !== 'WITH' && first !== 'MERGE')
    throw invalidQuery(`Statement not supported: ${String(first)}`);
  const tables = tokens
    .filter((token) => token.kind === 'quoted' && token.text.includes('.'))
    .map(({ text }) => text);
  const used = tokens.filter((token) => token.kind === 'parameter').map(({ text }) => text);
  for (const name of used) {
    if (!parameters.has(name)) throw invalidQuery(`Query parameter '${name}' not found`);
  }
  checkTypes(tokens, parameters, (column) => catalog.columnTypes(tables, column));
  const parts = new Writer(tokens, catalog).write();
  return {
    sql: parts.join(' '),
    tables,
    parameters: [...new Set(used)],
    merge: first === 'MERGE' ? mergeCheck(tokens, parts, tables[0]!) : undefined,
  };
}

/** Writes one part per token, so that positions in both lists agree. */
class Writer {
  private readonly tokens: readonly Token[];
  private readonly catalog: Catalog;
  private readonly parts: string[] = [];

  constructor(tokens: readonly Token[], catalog: Catalog) {
    this.tokens = tokens;
    this.catalog = catalog;
  }

  write(): string[] {
    while (this.parts.length < this.tokens.length) this.next();
    return this.parts;
  }

  private next(): void {
    const at = this.parts.length;
    const { kind, text } = this.tokens[at]!;
    if (kind === 'quoted') {
      this.parts.push(text.includes('.') ? this.catalog.table(text) : `"${text}"`);
    } else if (kind === 'parameter') this.parts.push(`$${text}`);
    else if (kind === 'word') this.word(text.toUpperCase(), at);
    else this.parts.push(text);
  }

  private word(word: string, at: number): void {
    if (word === 'UNNEST' && this.matches(at - 1, 'IN') && this.matches(at + 1, '(', '@', ')')) {
      this.parts.push('(SELECT unnest', '(', `$${this.tokens[at + 2]!.text}`, '))');
    } else if (word === 'UNNEST' && this.matches(at - 1, 'FROM')) this.unnest(at);
    else if (word === 'TIMESTAMP_TRUNC') this.truncation(at);
    else if (word === 'SAFE' && this.matches(at + 1, '.', 'COSINE_DISTANCE', '(')) {
      this.parts.push('', '', 'safe_cosine_distance');
    } else if (word === 'CAST') {
      // Only the typed null is in use.
      if (!this.matches(at + 1, '(', 'NULL', 'AS'))
        throw invalidQuery('CAST of anything but NULL is not supported');
      const type = duckDbType({ type: columnType(this.tokens[at + 4]?.text ?? ''), mode: 'NULLABLE' });
      if (!this.matches(at + 5, ')')) throw invalidQuery('Syntax error in CAST');
      this.parts.push('CAST', '(', 'NULL', 'AS', type, ')');
    } else if (this.matches(at + 1, '(') && !this.matches(at - 1, '.')) {
      const beforeParenthesis = keywords.has(word) && !functions.has(word);
      if (!beforeParenthesis && !functions.has(word)) throw invalidQuery(`Function not found: ${word}`);
      this.parts.push(word);
    } else if (reserved.has(word) && !this.matches(at - 1, '.')) {
      throw invalidQuery(`Syntax error: Unexpected keyword ${word}`);
    } else this.parts.push(keywords.has(word) ? word : this.tokens[at]!.text);
  }

  /** FROM UNNEST(@list) AS element WITH OFFSET AS place, and FROM UNNEST(GENERATE_ARRAY(first, last)) AS number. */
  private unnest(at: number): void {
    const [list, element, place] = [2, 5, 9].map((offset) => this.tokens[at + offset]?.text ?? '');
    if (this.matches(at + 1, '(', '@', ')', 'AS') && this.matches(at + 6, 'WITH', 'OFFSET', 'AS')) {
      const elements = `(SELECT unnest($${list}) AS ${element}, generate_subscripts($${list}, 1) - 1 AS ${place})`;
      this.parts.push(elements, ...Array.from({ length: 9 }, () => ''));
      return;
    }
    const bounds = [4, 6].map((offset) => this.tokens[at + offset]);
    if (
      !this.matches(at + 1, '(', 'GENERATE_ARRAY', '(') ||
      !this.matches(at + 5, ',') ||
      !this.matches(at + 7, ')', ')', 'AS') ||
      bounds.some((bound) => bound?.kind !== 'number' && bound?.kind !== 'parameter')
    ) {
      throw invalidQuery('UNNEST is supported WITH OFFSET or around GENERATE_ARRAY only');
    }
    const [first, last] = bounds.map((bound) => (bound!.kind === 'number' ? bound!.text : `$${bound!.text}`));
    const numbers = `(SELECT unnest(generate_series(${first}, ${last})) AS ${this.tokens[at + 10]!.text})`;
    this.parts.push(numbers, ...Array.from({ length: 10 }, () => ''));
  }

  /** TIMESTAMP_TRUNC(path, WEEK(MONDAY)): weeks from Monday are what DuckDB's date_trunc makes. */
  private truncation(at: number): void {
    if (!this.matches(at + 1, '(')) throw invalidQuery('Syntax error in TIMESTAMP_TRUNC');
    const comma = this.tokens.findIndex(({ text }, index) => index > at && text === ',');
    const path = this.tokens
      .slice(at + 2, comma)
      .map(({ kind, text }) => (kind === 'quoted' ? `"${text}"` : text));
    if (!this.matches(comma + 1, 'WEEK', '(', 'MONDAY', ')', ')')) {
      throw invalidQuery('TIMESTAMP_TRUNC is supported for WEEK(MONDAY) only');
    }
    this.parts.push('CAST(date_trunc', "('week',", ...path, ') AS TIMESTAMP)', '', '', '', '', '');
  }

  private matches(at: number, ...texts: readonly string[]): boolean {
    return texts.every((text, offset) => {
      const token = this.tokens[at + offset];
      return text === '@'
        ? token?.kind === 'parameter'
        : token?.text.toUpperCase() === text && token.kind !== 'quoted';
    });
  }
}

const comparisons = new Set(['=', '<', '>', '<=', '>=', '!=', '<>']);

/** The engine compares and stores no value as another type: `time = @text` has no matching operator. */
function checkTypes(
  tokens: readonly Token[],
  parameters: ReadonlyMap<string, ParameterType>,
  typesOf: (column: string) => readonly ParameterType[],
): void {
  // What a statement computes has the type that its caller says; whether it fits, the engine finds out.
  const computed = new Set(
    tokens.filter((_, at) => tokens[at - 1]?.text.toUpperCase() === 'AS').map(({ text }) => text),
  );
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== 'parameter') continue;
    const comparable = (column: string): readonly ParameterType[] => {
      const stored = typesOf(column);
      return stored.length === 0 && computed.has(column) ? [{ type: given.type, array: false }] : stored;
    };
    const given = parameters.get(token.text)!;
    const before = tokens[at - 1]?.text.toUpperCase() ?? '';
    const isBound = [at - 2, at - 4].some((place) => tokens[place]?.text.toUpperCase() === 'GENERATE_ARRAY');
    // A quotient of whole numbers compares with any number.
    const isNumerator = tokens[at + 1]?.text === '/';
    const expected =
      isBound || isNumerator
        ? [{ type: 'INT64', array: false }]
        : comparisons.has(before)
          ? comparable(tokens[at - 2]!.text)
          : before === 'LIMIT' || before === 'OFFSET'
            ? [{ type: 'INT64', array: false }]
            : tokens[at + 1]?.text.toUpperCase() === 'AS'
              ? typesOf(tokens[at + 2]!.text)
              : tokens[at - 2]?.text.toUpperCase() === 'UNNEST'
                ? [{ type: given.type, array: true }]
                : tokens[at - 2]?.text.toUpperCase() === 'LOWER'
                  ? [{ type: 'STRING', array: false }]
                  : ['COSINE_DISTANCE', 'STRPOS'].includes(tokens[at - 6]?.text.toUpperCase() ?? '')
                    ? typesOf(tokens[at - 2]!.text)
                    : [];
    if (!expected.some(({ type, array }) => type === given.type && array === given.array)) {
      throw invalidQuery(
        `No matching signature for @${token.text} of type ${given.array ? `ARRAY<${given.type}>` : given.type} after ${before}`,
      );
    }
  }
}

/** A query that finds target rows matched by more than one source row, which the engine refuses to MERGE. */
function mergeCheck(
  tokens: readonly Token[],
  parts: readonly string[],
  target: string,
): { target: string; duplicateMatches: string } {
  let depth = 0;
  const top = new Map<string, number>();
  for (const [at, { text }] of tokens.entries()) {
    if (text === '(') depth++;
    else if (text === ')') depth--;
    else if (depth === 0 && !top.has(text.toUpperCase())) top.set(text.toUpperCase(), at);
  }
  const [into, using, on, when] = ['INTO', 'USING', 'ON', 'WHEN'].map((word) => top.get(word) ?? -1);
  const between = (from: number, to: number): string => parts.slice(from + 1, to).join(' ');
  return {
    target,
    duplicateMatches: `SELECT 1 FROM ${between(into!, using!)} JOIN ${between(using!, on!)}
      ON ${between(on!, when!)} GROUP BY stored.rowid HAVING count(*) > 1 LIMIT 1`,
  };
}
