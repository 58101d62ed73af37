import type { Clock } from '../../contracts';
import { azureCredential } from '../identity/azureCredential';
import type { Settings } from '../settings/settings';
import { applicationInsights } from './applicationInsights';
import { consoleTelemetry } from './consoleTelemetry';
import type { Telemetry } from './telemetry';

/** Application Insights where a connection string is set, otherwise the console. */
export function openTelemetry(settings: Settings, clock: Clock): Telemetry {
  const onConsole = consoleTelemetry(clock, settings.QUARTERDECK_LOG_LEVEL);
  const connectionString = settings.APPLICATIONINSIGHTS_CONNECTION_STRING;
  if (connectionString === undefined) return onConsole;
  const authentication = settings.APPLICATIONINSIGHTS_AUTHENTICATION_STRING;
  const clientId = /ClientId=([^;]+)/i.exec(authentication ?? '')?.[1] ?? settings.AZURE_CLIENT_ID;
  return applicationInsights({
    connectionString,
    makeCredential: authentication === undefined ? undefined : () => azureCredential(clientId),
    clock,
    fallback: onConsole,
  });
}
