import type { RunControl } from '../../learn/run';
import { currentAlertModel } from '../model';
import { trainAlertClusters, type AlertTrainingReport } from '../train';
import type { Platform } from '../../platform/platform';
import { archiveGrouped, groupFor, type GroupingRequest } from './groupAndStore';

/**
 * Where there is no model of the kinds of alerts yet, keeps these alerts for training and trains one, so that the
 * first run can tell kinds already. Too few alerts are no failure: the report says so.
 * @returns undefined when there is a model
 */
export async function learnFirst(
  platform: Platform,
  request: GroupingRequest,
  control: RunControl & { readonly signal: AbortSignal },
): Promise<AlertTrainingReport | undefined> {
  const { signal } = control;
  if (await currentAlertModel(platform, signal)) return undefined;
  const { result } = await groupFor(platform, request, control);
  await archiveGrouped(platform, result, request.at, signal);
  return trainAlertClusters(platform, {}, control);
}
