import type { Platform } from '../../../platform/platform';
import { readAliases, setAlias, type Aliases } from '../../../registry';
import { isUnderWay } from '../../route/canary/canaryState';
import { canaryState } from '../../route/canary/runCanary';
import type { PublishedModel } from './publishModel';

/**
 * Who answers after a training. Where nobody answers yet, the best model does, and the second best is tried against
 * it. Later the best new version is the challenger: it takes over when requests, not this training, say so.
 * Without any model that learned from labels and passed, the isolation forest answers alone. While a canary is under way
 * nothing moves: it holds its candidate against the champion that it began with, and the next training follows.
 */
export async function assignAliases(
  platform: Pick<Platform, 'blobs' | 'clock'>,
  published: readonly PublishedModel[],
  signal: AbortSignal,
): Promise<Aliases | undefined> {
  const passed = published
    .filter(({ promotion, model }) => promotion === 'promoted' && model !== 'isolation_forest')
    .toSorted((a, b) => (b.figures?.aucPr ?? 0) - (a.figures?.aucPr ?? 0));
  const [best, second] = passed;
  const forest = published.find(
    ({ model, promotion }) => model === 'isolation_forest' && promotion === 'promoted',
  );
  const order = { by: 'training', reason: 'passed its gate on the held-out time' };
  const point = (alias: 'champion' | 'challenger', { model, version }: PublishedModel): Promise<Aliases> =>
    setAlias(platform, alias, { model, version }, order, signal);
  const aliases = (await readAliases(platform, signal))?.aliases;
  if (isUnderWay(await canaryState(platform, signal))) return aliases;
  const champion = aliases?.champion ?? null;
  if (champion === null || (champion.model === 'isolation_forest' && best)) {
    const first = best ?? forest;
    if (!first) return undefined;
    const begun = await point('champion', first);
    return best && second ? await point('challenger', second) : begun;
  }
  if (best) return await point('challenger', best);
  if (champion.model === 'isolation_forest' && forest) return await point('champion', forest);
  return aliases;
}
