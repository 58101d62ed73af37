import { isQuarterdeckError } from '../../../contracts';
import type { Platform } from '../../../platform/platform';
import { abortCanary } from './runCanary';

export interface CanaryAlert {
  readonly rule?: string | undefined;
  readonly data?:
    | { readonly essentials: { readonly alertRule: string; readonly monitorCondition?: string | undefined } }
    | undefined;
}

/** An alert rule has fired: a canary under way goes back; without one, when its candidate has passed
 * already, or when the alert is over, nothing happens. */
export async function canaryAlert(
  platform: Pick<Platform, 'blobs' | 'clock' | 'telemetry' | 'newId' | 'settings'>,
  { rule, data }: CanaryAlert,
  signal: AbortSignal,
): Promise<{ rolledBack: boolean; reason: string }> {
  const name = rule ?? data?.essentials.alertRule ?? 'unnamed';
  const condition = data?.essentials.monitorCondition;
  if (condition !== undefined && condition.toLowerCase() !== 'fired') {
    return { rolledBack: false, reason: `${name} is ${condition}` };
  }
  try {
    const order = { by: 'alert rule', reason: `${name} has fired` };
    return { rolledBack: true, reason: (await abortCanary(platform, order, signal, true)).reason };
  } catch (error) {
    if (!isQuarterdeckError(error, 'NOT_FOUND') && !isQuarterdeckError(error, 'CANARY_RUNNING')) throw error;
    return { rolledBack: false, reason: error.message };
  }
}
