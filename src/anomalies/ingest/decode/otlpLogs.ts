import { z } from 'zod';
import { excerptOf, type Decoded } from '../batch';
import { levelOfSeverity } from '../levels';
import type { RawLogRecord } from '../logParsing';
import { readNanoseconds } from '../times';
import { notOtlp } from './otlpMetrics';
import {
  instanceOf,
  keyValues,
  listOf,
  plainAttributes,
  plainValue,
  resourceSchema,
  type AnyValue,
} from './otlpValues';

const recordSchema = z.looseObject({
  timeUnixNano: z.unknown().optional(),
  observedTimeUnixNano: z.unknown().optional(),
  severityNumber: z.unknown().optional(),
  severityText: z.string().nullish(),
  body: z.custom<AnyValue>((value) => typeof value === 'object').nullish(),
  attributes: keyValues.optional(),
  traceId: z.unknown().optional(),
  spanId: z.unknown().optional(),
  eventName: z.string().nullish(),
});
const requestSchema = z.looseObject({
  resourceLogs: listOf(
    z.looseObject({
      resource: resourceSchema,
      scopeLogs: listOf(
        z.looseObject({
          scope: z.looseObject({ name: z.string().nullish() }).nullish(),
          logRecords: listOf(recordSchema),
        }),
      ),
    }),
  ),
});

/** Severity numbers by the name that JSON senders write though they should not. */
const severityName = /^SEVERITY_NUMBER_(TRACE|DEBUG|INFO|WARN|ERROR|FATAL)/;

/**
 * Log records of the OpenTelemetry protocol.
 * @throws INPUT_INVALID when the request has another form.
 */
export function* otlpLogs(
  request: unknown,
  defaults: { readonly instance: string | undefined; readonly source: string | undefined },
): Generator<Decoded<RawLogRecord>> {
  const parsed = requestSchema.safeParse(request);
  if (!parsed.success) throw notOtlp('ExportLogsServiceRequest', parsed.error);
  let index = 0;
  for (const { resource, scopeLogs } of parsed.data.resourceLogs ?? []) {
    const resourceAttributes = plainAttributes(resource?.attributes);
    const instance = instanceOf(resourceAttributes) ?? defaults.instance;
    for (const { scope, logRecords } of scopeLogs ?? []) {
      for (const record of logRecords ?? []) {
        const body = plainValue(record.body);
        const attributes = plainAttributes(record.attributes);
        const trace = { trace_id: identifier(record.traceId), span_id: identifier(record.spanId) };
        const candidate: RawLogRecord = {
          text:
            typeof body === 'string' ? body : body === null ? (record.eventName ?? '') : JSON.stringify(body),
          instance,
          at: readNanoseconds(record.timeUnixNano) ?? readNanoseconds(record.observedTimeUnixNano),
          level: levelOf(record.severityNumber) ?? record.severityText ?? undefined,
          source: scope?.name || textOf(resourceAttributes['service.name']) || defaults.source,
          attributes: { ...resourceAttributes, ...attributes, ...withoutEmpty(trace) },
        };
        yield { index: index++, candidate, excerpt: () => excerptOf(record) };
      }
    }
  }
}

function levelOf(severity: unknown): string | undefined {
  if (typeof severity === 'number') return levelOfSeverity(severity);
  return typeof severity === 'string' ? severityName.exec(severity)?.[1] : undefined;
}

/** Ids are hexadecimal in JSON and bytes in protobuf; all zeros or empty mean that there is none. */
function identifier(value: unknown): string | undefined {
  const text = value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
  return typeof text === 'string' && /^(?=.*[1-9a-f])[0-9a-f]{1,64}$/i.test(text)
    ? text.toLowerCase()
    : undefined;
}

function withoutEmpty(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
