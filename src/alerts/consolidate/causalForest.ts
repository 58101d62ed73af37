import type { Bursts } from './bursts';
import type { JoiningSets } from './joiningSets';
import { leastLikelihoodRatio, type Link } from './links';

/** Bursts and the one cause that each was given: trees, each a group. */
export class CausalForest {
  /** Links that joined two trees. */
  readonly links: Link[] = [];
  private readonly explained: Uint8Array;
  private readonly caused: Uint8Array;

  /** @param sets of episodes, with what people asked for already done; a burst's episodes are joined here. */
  constructor(
    readonly sets: JoiningSets,
    private readonly bursts: Bursts,
  ) {
    this.explained = new Uint8Array(bursts.count);
    this.caused = new Uint8Array(bursts.count);
    bursts.burstOf.forEach((burst, episode) => sets.join(bursts.lead[burst]!, episode));
  }

  /** Gives every burst without a cause the likeliest of its links, the surest first, unless that joins what must stay apart. */
  grow(links: readonly Link[]): void {
    const surestFirst = links
      .filter(({ score }) => score >= Math.log(leastLikelihoodRatio))
      .sort((a, b) => b.score - a.score || a.effect - b.effect || a.cause - b.cause);
    for (const link of surestFirst) {
      if (this.explained[link.effect] === 1) continue;
      const outcome = this.sets.join(this.bursts.lead[link.cause]!, this.bursts.lead[link.effect]!);
      if (outcome === 'apart') continue;
      this.explained[link.effect] = 1;
      // A burst whose likeliest cause came of itself, around a cycle, is where its tree begins: it needs no other cause.
      if (outcome === 'together') continue;
      this.caused[link.effect] = 1;
      this.links.push(link);
    }
  }

  isCaused(burst: number): boolean {
    return this.caused[burst] === 1;
  }

  treeOf(burst: number): number {
    return this.sets.find(this.bursts.lead[burst]!);
  }

  /** Bursts without a cause that may have one, in the order of time. */
  unexplained(): number[] {
    const { alone } = this.bursts;
    return Array.from(this.explained.keys()).filter(
      (burst) => this.explained[burst] === 0 && alone[burst] === 0,
    );
  }

  /** Those of them that are no cause either. */
  lonely(): number[] {
    const causes = new Set(this.links.map(({ cause }) => cause));
    return this.unexplained().filter((burst) => !causes.has(burst));
  }
}

/**
 * The same links, each as strong as all of the burst's links into the same tree together: several bursts of one storm
 * that may each be the cause say more than one of another storm that is a little likelier.
 */
export function supportedLinks(links: readonly Link[], forest: CausalForest): Link[] {
  const supported: Link[] = [];
  for (let from = 0; from < links.length;) {
    const { effect } = links[from]!;
    let to = from;
    const support = new Map<number, number>();
    for (; to < links.length && links[to]!.effect === effect; to++) {
      const tree = forest.treeOf(links[to]!.cause);
      support.set(tree, (support.get(tree) ?? 0) + Math.exp(links[to]!.score));
    }
    for (const link of links.slice(from, to)) {
      const all = support.get(forest.treeOf(link.cause))!;
      // Within a tree the order stays: the likeliest cause is the one that is told.
      const [best] = links
        .slice(from, to)
        .filter((other) => forest.treeOf(other.cause) === forest.treeOf(link.cause));
      if (best === link) supported.push({ ...link, score: Math.log(all) });
    }
    from = to;
  }
  return supported;
}
