import type { MetricDimensions, MetricName } from './metrics';

/** Never throws and never blocks the work it watches. Text from tickets and logs is never put into it. */
export interface Telemetry {
  metric<Name extends MetricName>(name: Name, value: number, dimensions: MetricDimensions<Name>): void;
  log(severity: 'debug' | 'info' | 'warning' | 'error', message: string, fields?: TelemetryFields): void;
  exception(error: unknown, fields?: TelemetryFields): void;
  /** Runs `work` inside a span; its failure is recorded and thrown on. */
  span<T>(name: string, fields: TelemetryFields, work: () => Promise<T>): Promise<T>;
  flush(): Promise<void>;
}

export type TelemetryFields = Readonly<Record<string, string | number | boolean>>;
