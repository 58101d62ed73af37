import { checkedCell, type Cell } from '../cells';
import { timestampOf } from '../microseconds';
import type { Parameters } from '../parameters';
import type { ColumnKind } from '../tables';

/** A cell of an answer as BigQuery's REST API sends it: text, null, or for an array its elements in the same wrapping. */
export type RestValue = string | null | readonly { readonly v: RestValue }[];

interface BigQueryKind {
  readonly type: 'STRING' | 'TIMESTAMP' | 'INT64' | 'FLOAT64';
  readonly repeated: boolean;
  /** As a load job reads it from a line of JSON. */
  readonly toJson: (cell: NonNullable<Cell>) => unknown;
  readonly decode: (value: NonNullable<RestValue>) => unknown;
}

const same = (value: unknown): unknown => value;

export const bigQueryKinds: Readonly<Record<ColumnKind, BigQueryKind>> = {
  text: { type: 'STRING', repeated: false, toJson: same, decode: same },
  timestamp: {
    type: 'TIMESTAMP',
    repeated: false,
    toJson: same,
    // Microseconds as an integer: the client's own default, which loses none of them.
    decode: (value) => timestampOf(BigInt(value as string)),
  },
  integer: { type: 'INT64', repeated: false, toJson: same, decode: Number },
  float: { type: 'FLOAT64', repeated: false, toJson: same, decode: Number },
  vector: {
    type: 'FLOAT64',
    repeated: true,
    // All digits of the double that equals the single-precision value, so it reads back to the same bits.
    toJson: (cell) => [...(cell as Float32Array)],
    decode: (value) => Float32Array.from(value as readonly { v: string }[], ({ v }) => Number(v)),
  },
  counts: {
    type: 'STRING',
    repeated: false,
    toJson: same,
    decode: (value) => JSON.parse(value as string) as unknown,
  },
  json: {
    type: 'STRING',
    repeated: false,
    toJson: same,
    decode: (value) => JSON.parse(value as string) as unknown,
  },
};

/**
 * The client puts the project's id in place of `{{projectId}}` anywhere in a request, tickets' text included. It
 * looks only at own properties, so text of that form travels inside an object that turns into it at the very end.
 */
class VerbatimText {
  readonly #text: string;
  constructor(text: string) {
    this.#text = text;
  }
  toJSON(): string {
    return this.#text;
  }
}

function verbatim(cell: NonNullable<Cell>): unknown {
  return typeof cell === 'string' && cell.includes('{{projectId}}') ? new VerbatimText(cell) : cell;
}

/** Query parameters with their types, which the client needs for null and for empty arrays. */
export function queryParameters(parameters: Parameters): {
  params: Record<string, unknown>;
  types: Record<string, string | string[]>;
} {
  const params: Record<string, unknown> = {};
  const types: Record<string, string | string[]> = {};
  for (const [name, [kind, value]] of Object.entries(parameters)) {
    if (kind === 'texts') {
      params[name] = value.map((text) => verbatim(checkedCell('text', text)));
      types[name] = ['STRING'];
    } else if (kind === 'vector') {
      params[name] = [...value];
      types[name] = ['FLOAT64'];
    } else {
      const cell = checkedCell(kind, value);
      // The client reads `value` of what is typed TIMESTAMP; its own class would write nanoseconds.
      params[name] = kind === 'timestamp' ? { value: cell } : verbatim(cell);
      types[name] = bigQueryKinds[kind].type;
    }
  }
  return { params, types };
}
