import type { MetricName } from '../../src/platform/telemetry/metrics';
import type { Telemetry, TelemetryFields } from '../../src/platform/telemetry/telemetry';

export interface RecordingTelemetry extends Telemetry {
  readonly metrics: { name: MetricName; value: number; dimensions: Readonly<Record<string, string>> }[];
  readonly logs: { severity: string; message: string; fields: TelemetryFields }[];
  readonly exceptions: { error: unknown; fields: TelemetryFields }[];
  readonly spans: { name: string; fields: TelemetryFields; failed: boolean }[];
}

/** Keeps what it is told, for tests to look at. */
export function recordingTelemetry(): RecordingTelemetry {
  const recorded: RecordingTelemetry = {
    metrics: [],
    logs: [],
    exceptions: [],
    spans: [],
    metric: (name, value, dimensions) => void recorded.metrics.push({ name, value, dimensions }),
    log: (severity, message, fields = {}) => void recorded.logs.push({ severity, message, fields }),
    exception: (error, fields = {}) => void recorded.exceptions.push({ error, fields }),
    async span(name, fields, work) {
      let failed = true;
      try {
        const result = await work();
        failed = false;
        return result;
      } finally {
        recorded.spans.push({ name, fields, failed });
      }
    },
    flush: () => Promise.resolve(),
  };
  return recorded;
}
