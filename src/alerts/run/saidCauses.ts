import type { StoredGroupFeedback } from '../../contracts';
import type { GraphIndex } from '../graph/graphIndex';
import type { RankedGroup } from '../rank';

/** The service that a person named as the cause of a group; the newest word counts. */
export type SaidCauses = ReadonlyMap<string, { readonly cause: string; readonly author: string }>;

/** @param rows in the order in which they were given */
export function saidCauses(rows: readonly StoredGroupFeedback[]): SaidCauses {
  const said = new Map<string, { cause: string; author: string }>();
  for (const { kind, groupId, cause, author } of rows) {
    if (kind === 'wrong-cause' && cause !== null) said.set(groupId, { cause, author });
  }
  return said;
}

/** Puts what people said first among the causes of the groups that they said it of. */
export function withSaidCauses(
  ranked: readonly RankedGroup[],
  ids: readonly string[],
  said: SaidCauses,
  { nodeOf }: Pick<GraphIndex, 'nodeOf'>,
): RankedGroup[] {
  return ranked.map((one) => {
    const word = said.get(ids[one.group]!);
    const node = word && nodeOf.get(word.cause);
    if (!word || node === undefined) return one;
    const guessed = one.causes.find((cause) => cause.node === node);
    const first = {
      node,
      id: word.cause,
      score: 1,
      reasons: [`${word.author} said that it was this one.`, ...(guessed?.reasons ?? [])],
    };
    return { ...one, causes: [first, ...one.causes.filter((cause) => cause.node !== node)] };
  });
}
