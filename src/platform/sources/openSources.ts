import type { CloudWatchClientConfig } from '@aws-sdk/client-cloudwatch';
import type { TokenCredential } from '@azure/identity';
import type { LogsQueryClientOptions } from '@azure/monitor-query-logs';
import { QuarterdeckError } from '../../contracts';
import type { Settings } from '../settings/settings';
import { azureMonitorSource } from './azureMonitorSource';
import type { SourceContext } from './callSource';
import { cloudWatchLogsSource } from './cloudWatchLogsSource';
import { cloudWatchMetricsSource } from './cloudWatchMetricsSource';
import type { LogSource, LogSources } from './logSource';
import { readSources, type SourceSettings } from './sourceSettings';

export interface SourceDependencies extends SourceContext {
  readonly makeCredential: () => TokenCredential;
  /** Options of the SDKs' clients, such as other credentials or another `httpClient`. */
  readonly aws?: Pick<CloudWatchClientConfig, 'credentials'>;
  readonly azure?: LogsQueryClientOptions;
}

/** The sources that the settings list. Nothing is read before they are asked for, no SDK loaded before one is used. */
export function openSources(
  settings: Pick<Settings, 'INGEST_SOURCES'>,
  dependencies: SourceDependencies,
): LogSources {
  let listed: readonly SourceSettings[] | undefined;
  const list = (): readonly SourceSettings[] => (listed ??= readSources(settings.INGEST_SOURCES));
  const opened = new Map<string, LogSource>();
  return {
    names: () => list().map(({ name }) => name),
    open(name) {
      const known = opened.get(name);
      if (known) return known;
      const found = list().find((source) => source.name === name);
      if (!found) {
        throw new QuarterdeckError('NOT_FOUND', `INGEST_SOURCES lists no source ${name}`, {
          culprit: { setting: 'INGEST_SOURCES', service: name },
        });
      }
      const source = openOne(found, dependencies);
      opened.set(name, source);
      return source;
    },
  };
}

function openOne(source: SourceSettings, dependencies: SourceDependencies): LogSource {
  const { aws = {}, azure, makeCredential } = dependencies;
  switch (source.type) {
    case 'azure-monitor-logs':
      return azureMonitorSource(source, dependencies, makeCredential, azure);
    case 'cloudwatch-logs':
      return cloudWatchLogsSource(source, dependencies, aws);
    case 'cloudwatch-metrics':
    default:
      return cloudWatchMetricsSource(source, dependencies, aws);
  }
}
