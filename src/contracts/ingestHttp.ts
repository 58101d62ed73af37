import { z } from 'zod';

/** What ingestion answers over `/api/ingest/…`. Bodies come in other people's formats and have no schema here. */

export const ingestReceiptSchema = z.object({
  batchId: z.string().describe('the same for the same batch, however often it is sent'),
  kind: z.enum(['metrics', 'logs']),
  shape: z.string().describe('how the body was understood'),
  status: z
    .enum(['stored', 'queued'])
    .describe('`queued`: received and safe, to be worked through within the next minutes'),
  arrivedAt: z.string().describe('UTC, ISO 8601 with microseconds'),
  records: z.number().int().describe('points or log records found in the body'),
  accepted: z.number().int().describe('points or log records stored'),
  rejected: z
    .array(
      z.object({
        index: z.number().int().describe('position of the record in the batch, from 0'),
        code: z.string(),
        message: z.string(),
      }),
    )
    .describe('the first of those that were set aside; all of them are in the quarantine'),
  rejectedTotal: z.number().int(),
});
export type IngestReceipt = z.infer<typeof ingestReceiptSchema>;

export const ingestQuerySchema = z.strictObject({
  instance: z.string().min(1).max(200).optional().describe('instance of the records that name none'),
  source: z.string().min(1).max(200).optional().describe('logger or file of the log records that name none'),
});

const consumes = [
  'application/json',
  'application/x-protobuf',
  'application/x-ndjson',
  'text/csv',
  'text/plain',
  'application/octet-stream',
] as const;
const takesIn =
  'OTLP (JSON, protobuf), CloudWatch by Firehose or Lambda, Azure Monitor diagnostic records, NDJSON, CSV';

const otlpAnswerSchema = z.looseObject({
  partialSuccess: z.looseObject({ errorMessage: z.string().optional() }).optional(),
});

export const ingestOperations = {
  ingestLogs: {
    id: 'ingestLogs',
    method: 'POST',
    route: 'api/ingest/logs',
    summary: `Takes in log records: ${takesIn}, lines of text.`,
    access: 'function',
    query: ingestQuerySchema,
    consumes,
    answer: ingestReceiptSchema,
  },
  ingestMetrics: {
    id: 'ingestMetrics',
    method: 'POST',
    route: 'api/ingest/metrics',
    summary: `Takes in metrics: ${takesIn}, Prometheus remote write.`,
    access: 'function',
    query: ingestQuerySchema,
    consumes,
    answer: ingestReceiptSchema,
  },
  otlpLogs: {
    id: 'otlpLogs',
    method: 'POST',
    route: 'api/otlp/v1/logs',
    summary: 'Logs of an OpenTelemetry exporter whose endpoint is `…/api/otlp`.',
    access: 'function',
    query: ingestQuerySchema,
    consumes: ['application/x-protobuf', 'application/json'],
    answer: otlpAnswerSchema,
  },
  otlpMetrics: {
    id: 'otlpMetrics',
    method: 'POST',
    route: 'api/otlp/v1/metrics',
    summary: 'Metrics of an OpenTelemetry exporter whose endpoint is `…/api/otlp`.',
    access: 'function',
    query: ingestQuerySchema,
    consumes: ['application/x-protobuf', 'application/json'],
    answer: otlpAnswerSchema,
  },
} as const;
