import { isQuarterdeckError, type Clock } from '../../contracts';
import { redactSecrets } from '../redaction';
import type { Telemetry, TelemetryFields } from './telemetry';

const severities = ['debug', 'info', 'warning', 'error', 'silent'] as const;
export type LogLevel = (typeof severities)[number];

/** One JSON object per line and event. Metrics and spans are written at level `debug`. */
export function consoleTelemetry(
  clock: Clock,
  level: LogLevel,
  write: (line: string) => void = (line) => process.stderr.write(`${line}\n`),
): Telemetry {
  const emit = (severity: LogLevel, event: Readonly<Record<string, unknown>>): void => {
    if (severities.indexOf(severity) < severities.indexOf(level)) return;
    write(JSON.stringify({ time: new Date(clock.now()).toISOString(), severity, ...event }));
  };
  const telemetry: Telemetry = {
    metric: (name, value, dimensions) => emit('debug', { metric: name, value, ...dimensions }),
    log: (severity, message, fields) => emit(severity, { message: redactSecrets(message), ...safe(fields) }),
    exception: (error, fields) => emit('error', { ...describeError(error), ...safe(fields) }),
    async span(name, fields, work) {
      const startedMs = clock.monotonic();
      const end = (outcome: 'ok' | 'failed') =>
        emit('debug', {
          span: name,
          outcome,
          durationMs: Math.round(clock.monotonic() - startedMs),
          ...safe(fields),
        });
      try {
        const result = await work();
        end('ok');
        return result;
      } catch (error) {
        end('failed');
        throw error;
      }
    },
    flush: () => Promise.resolve(),
  };
  return telemetry;
}

/** An error as fields: code, redacted message, and the messages of its causes. */
export function describeError(error: unknown): Record<string, string> {
  const causes: string[] = [];
  let cause: unknown = error instanceof Error ? error.cause : undefined;
  while (cause instanceof Error && causes.length < 5) {
    causes.push(redactSecrets(cause.message));
    cause = cause.cause;
  }
  return {
    message: redactSecrets(error instanceof Error ? error.message : String(error)),
    ...(isQuarterdeckError(error) && { code: error.code }),
    ...(error instanceof Error && !isQuarterdeckError(error) && { type: error.name }),
    ...(causes.length > 0 && { causes: causes.join(' | ') }),
  };
}

/** Fields with their text redacted. */
export function safe(fields: TelemetryFields | undefined): Record<string, string | number | boolean> {
  return Object.fromEntries(
    Object.entries(fields ?? {}).map(([name, value]) => [
      name,
      typeof value === 'string' ? redactSecrets(value) : value,
    ]),
  );
}
