import { setImmediate as yieldTurn, setTimeout as wait } from 'node:timers/promises';
import type { TokenCredential } from '@azure/identity';
import type { AzureMonitorOpenTelemetryOptions, TelemetryClient } from 'applicationinsights';
import type { Clock } from '../../contracts';
import { redactSecrets } from '../redaction';
import { describeError, safe } from './consoleTelemetry';
import type { Telemetry } from './telemetry';

export interface ApplicationInsightsOptions {
  readonly connectionString: string;
  /** For a resource that takes no keys; without it, the key in the connection string counts. */
  readonly makeCredential: (() => TokenCredential) | undefined;
  readonly clock: Clock;
  /** Where telemetry says that it failed itself. */
  readonly fallback: Telemetry;
  /** Instead of the network. */
  readonly httpClient?: NonNullable<ExporterOptions['httpClient']>;
}

type ExporterOptions = NonNullable<AzureMonitorOpenTelemetryOptions['azureMonitorExporterOptions']>;

/** The SDK takes most of a second to load: that is not spent while the first answers are due. */
const loadDelayMs = 2_000;
/** A burst before the SDK is loaded; what goes beyond is dropped, and said. */
const mostWaiting = 1_000;
/** A dead endpoint costs the exporters many seconds; a run does not wait for them longer than this. */
const flushLimitMs = 3_000;

const severityLevels = {
  debug: 'Verbose',
  info: 'Information',
  warning: 'Warning',
  error: 'Error',
} as const;

/**
 * Application Insights over its SDK (OpenTelemetry inside), with providers of its own: nothing is instrumented or
 * sampled behind our back, everything that arrives was said by us. Text is redacted on the way.
 */
export function applicationInsights(options: ApplicationInsightsOptions): Telemetry {
  const { clock, fallback } = options;
  const waiting: ((client: TelemetryClient) => void)[] = [];
  let client: TelemetryClient | undefined;
  let scheduled = false;
  let broken = false;
  let dropped = 0;

  const fail = (error: unknown): void => {
    if (!broken) fallback.exception(error, { telemetry: 'application-insights' });
    broken = true;
  };
  const open = (): void => {
    if (client || broken) return;
    try {
      client = openClient(options);
      for (const send of waiting.splice(0)) send(client);
      if (dropped > 0)
        fallback.log('warning', 'telemetry was dropped before its SDK was loaded', { dropped });
    } catch (error) {
      fail(error);
    }
  };
  const emit = (send: (client: TelemetryClient) => void): void => {
    const guarded = (ready: TelemetryClient): void => {
      try {
        send(ready);
      } catch (error) {
        fail(error);
      }
    };
    if (client) return guarded(client);
    if (broken) return;
    if (waiting.length < mostWaiting) waiting.push(guarded);
    else dropped += 1;
    if (!scheduled) {
      scheduled = true;
      setTimeout(open, loadDelayMs).unref();
    }
  };

  return {
    metric: (name, value, dimensions) =>
      emit((ready) => ready.trackMetric({ name, value, properties: { ...dimensions } })),
    log(severity, message, fields) {
      const time = new Date(clock.now());
      emit((ready) =>
        ready.trackTrace({
          message: redactSecrets(message),
          severity: severityLevels[severity],
          properties: safe(fields),
          time,
        }),
      );
    },
    exception(error, fields) {
      const time = new Date(clock.now());
      emit((ready) =>
        ready.trackException({
          exception: redactedError(error),
          properties: { ...describeError(error), ...safe(fields) },
          time,
        }),
      );
    },
    async span(name, fields, work) {
      const time = new Date(clock.now());
      const startedMs = clock.monotonic();
      const end = (success: boolean): void => {
        const duration = clock.monotonic() - startedMs;
        emit((ready) =>
          ready.trackDependency({
            name,
            duration,
            success,
            time,
            properties: safe(fields),
          }),
        );
      };
      try {
        const result = await work();
        end(true);
        return result;
      } catch (error) {
        end(false);
        throw error;
      }
    },
    async flush() {
      if (waiting.length > 0) open();
      if (!client) return;
      // Log records are handed over in the next turn of the loop.
      await yieldTurn();
      await Promise.race([client.flush().catch(fail), wait(flushLimitMs, undefined, { ref: false })]);
    },
  };
}

function openClient({
  connectionString,
  makeCredential,
  httpClient,
}: ApplicationInsightsOptions): TelemetryClient {
  const { TelemetryClient } = require('applicationinsights') as typeof import('applicationinsights');
  const client = new TelemetryClient(connectionString, { useGlobalProviders: false });
  client.config.samplingPercentage = 100;
  if (makeCredential) client.config.aadTokenCredential = makeCredential();
  client.config.azureMonitorOpenTelemetryOptions = {
    azureMonitorExporterOptions: {
      connectionString,
      // Files of unsent telemetry would outlive the process on a machine that others may use next.
      disableOfflineStorage: true,
      ...(httpClient && { httpClient }),
    },
  };
  client.initialize();
  return client;
}

/** A copy whose message and stack are redacted; the causes travel as a property. */
function redactedError(error: unknown): Error {
  const copy = new Error(redactSecrets(error instanceof Error ? error.message : String(error)));
  if (error instanceof Error) {
    copy.name = error.name;
    copy.stack = redactSecrets(error.stack ?? copy.message);
  }
  return copy;
}
