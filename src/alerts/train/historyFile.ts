import { parquetMetadataAsync, parquetReadObjects, parquetSchema } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { z } from 'zod';
import {
  alertSeveritySchema,
  alertStatusSchema,
  QuarterdeckError,
  type Alert,
  type Timestamp,
} from '../../contracts';
import { microsecondsOf, timestampOf } from '../../platform/warehouse/microseconds';

/** An alert as it was grouped. */
export interface HistoryRow {
  readonly alert: Alert;
  readonly at: Timestamp;
  /** Id of the node it was mapped to. */
  readonly service: string | null;
  readonly features: Float32Array;
}

const featurePrefix = 'feature:';
const text = { type: 'BYTE_ARRAY', converted_type: 'UTF8' } as const;
const moment = { type: 'INT64', converted_type: 'TIMESTAMP_MICROS' } as const;

interface Column {
  readonly name: string;
  readonly element: { type: 'BYTE_ARRAY' | 'INT64'; converted_type: 'UTF8' | 'TIMESTAMP_MICROS' };
  readonly optional?: boolean;
  value(row: HistoryRow): string | bigint | null;
}

const columns: readonly Column[] = [
  { name: 'id', element: text, value: ({ alert }) => alert.id },
  { name: 'source', element: text, value: ({ alert }) => alert.source },
  { name: 'name', element: text, value: ({ alert }) => alert.name },
  { name: 'service', element: text, optional: true, value: ({ alert }) => alert.service },
  { name: 'resource', element: text, optional: true, value: ({ alert }) => alert.resource },
  { name: 'severity', element: text, value: ({ alert }) => alert.severity },
  { name: 'status', element: text, value: ({ alert }) => alert.status },
  { name: 'starts_at', element: moment, value: ({ alert }) => microsecondsOf(alert.startsAt) },
  {
    name: 'ends_at',
    element: moment,
    optional: true,
    value: ({ alert }) => (alert.endsAt === null ? null : microsecondsOf(alert.endsAt)),
  },
  { name: 'labels', element: text, value: ({ alert }) => JSON.stringify(alert.labels) },
  { name: 'description', element: text, value: ({ alert }) => alert.description },
  { name: 'fingerprint', element: text, value: ({ alert }) => alert.fingerprint },
  { name: 'mapped_service', element: text, optional: true, value: ({ service }) => service },
  { name: 'grouped_at', element: moment, value: ({ at }) => microsecondsOf(at) },
];

/** @returns a Parquet file: the columns of an alert, and one FLOAT column `feature:{name}` per feature. */
export function encodeHistory(names: readonly string[], rows: readonly HistoryRow[]): Uint8Array {
  return new Uint8Array(
    parquetWriteBuffer({
      schema: [
        { name: 'root', num_children: columns.length + names.length },
        ...columns.map(({ name, element, optional }) => ({
          name,
          ...element,
          repetition_type: optional ? ('OPTIONAL' as const) : ('REQUIRED' as const),
        })),
        ...names.map((name) => ({
          name: featurePrefix + name,
          type: 'FLOAT' as const,
          repetition_type: 'REQUIRED' as const,
        })),
      ],
      columnData: [
        ...columns.map((column) => ({ name: column.name, data: rows.map((row) => column.value(row)) })),
        ...names.map((name, index) => ({
          name: featurePrefix + name,
          data: Float32Array.from(rows, ({ features }) => features[index]!),
        })),
      ],
      createdBy: 'quarterdeck',
    }),
  );
}

/** Without it the library makes a Date, which holds no microseconds. */
const parsers = { timestampFromMicroseconds: timestampOf };
const labels = z
  .string()
  .transform((json): unknown => JSON.parse(json))
  .pipe(z.record(z.string(), z.string()));
const rowSchema = z.object({
  id: z.string(),
  source: z.string(),
  name: z.string(),
  service: z.string().nullish(),
  resource: z.string().nullish(),
  severity: alertSeveritySchema,
  status: alertStatusSchema,
  starts_at: z.string(),
  ends_at: z.string().nullish(),
  labels,
  description: z.string(),
  fingerprint: z.string(),
  mapped_service: z.string().nullish(),
  grouped_at: z.string(),
});

/** @throws FILE_MALFORMED when it is damaged, cut short or of other columns */
export async function decodeHistory(
  name: string,
  bytes: Uint8Array,
): Promise<{ names: string[]; rows: HistoryRow[] }> {
  try {
    const file = {
      byteLength: bytes.byteLength,
      slice: (start: number, end?: number): ArrayBuffer => new Uint8Array(bytes.slice(start, end)).buffer,
    };
    const metadata = await parquetMetadataAsync(file, { parsers });
    const names = parquetSchema(metadata)
      .children.map(({ element }) => element.name)
      .filter((column) => column.startsWith(featurePrefix));
    const found = await parquetReadObjects({ file, metadata, parsers });
    const rows = found.map((row) => decodeRow(row, names));
    return { names: names.map((column) => column.slice(featurePrefix.length)), rows };
  } catch (error) {
    throw new QuarterdeckError('FILE_MALFORMED', `${name} is no readable history of alerts`, {
      culprit: { blob: name },
      cause: error,
    });
  }
}

function decodeRow(row: Readonly<Record<string, unknown>>, names: readonly string[]): HistoryRow {
  const known = rowSchema.parse(row);
  const { id, source, severity, status, description, fingerprint } = known;
  const alert: Alert = {
    id,
    source,
    name: known.name,
    service: known.service ?? null,
    resource: known.resource ?? null,
    severity,
    status,
    startsAt: known.starts_at,
    endsAt: known.ends_at ?? null,
    labels: known.labels,
    description,
    fingerprint,
  };
  const features = Float32Array.from(names, (name) => z.number().parse(row[name]));
  return { alert, at: known.grouped_at, service: known.mapped_service ?? null, features };
}
