import { QuarterdeckError } from '../contracts';
import type { Platform } from '../platform/platform';

/**
 * The tech centres that a person named, each once, or all of the source when none is named.
 * @throws NOT_FOUND for a name that no ticket has: a misspelt centre must not pass for one without work.
 */
export async function chosenTechCenters(
  { warehouse }: Pick<Platform, 'warehouse'>,
  named: readonly string[] | undefined,
  signal: AbortSignal,
): Promise<string[]> {
  const known = (await warehouse.techCenters(signal)).map(({ techCenter }) => techCenter);
  if (named === undefined || named.length === 0) return known;
  const unknown = named.filter((techCenter) => !known.includes(techCenter));
  if (unknown.length === 0) return [...new Set(named)];
  const there = known.length === 0 ? 'there are no tickets at all' : `there are ${known.join(', ')}`;
  throw new QuarterdeckError('NOT_FOUND', `no tickets of ${unknown.join(', ')}; ${there}`, {
    culprit: { option: 'tech-center' },
  });
}
