import { QuarterdeckError } from '../../contracts';
import type { PairConstraints } from '../feedback';
import { applyConstraints, type ConstraintConflict } from './applyConstraints';
import { burstsOf } from './bursts';
import { episodesOf, type Episodes } from './episodes';
import { describeLink, placeName, type GroupEvidence, type LinkEvidence } from './evidence';
import { JoiningSets } from './joiningSets';
import { CausalForest, supportedLinks } from './causalForest';
import { causalLinks } from './links';
import type { IndexedGraph, PlacedAlert } from './placement';
import { backgroundOf } from './background';
import { overloadLinks } from './overloads';
import { silentCauseLinks } from './silentCauses';

export interface Grouping {
  /** Group of each alert, 0 … groups − 1; groups are numbered by their first start. */
  readonly group: Int32Array;
  readonly groups: number;
  /** Per group: why its alerts are together. */
  readonly evidence: readonly GroupEvidence[];
  /** What people asked for that could not be done. */
  readonly conflicts: readonly ConstraintConflict[];
}

export interface ConsolidateOptions {
  /** Minutes within which alerts can belong to one storm, and within which a repeat is one. */
  readonly windowMinutes: number;
  /** What people said of earlier groups. */
  readonly links?: PairConstraints | undefined;
}

const shownLinks = 5;

/**
 * Folds alerts into groups, one for each cause. Repeats of a condition are taken together; what begins at one place
 * within minutes is one burst; every burst is then explained by the likeliest earlier burst at its place or at what
 * it depends on, if that is likelier than no cause at all, so that groups are trees of causes and effects and never
 * just what is connected. The input's order does not matter, nor does the time of day.
 * Time grows with n log n in the alerts.
 * @throws PARAMETER_INVALID unless windowMinutes is above 0.
 */
export function consolidate(
  alerts: readonly PlacedAlert[],
  graph: IndexedGraph,
  { windowMinutes, links: constraints }: ConsolidateOptions,
): Grouping {
  if (!(windowMinutes > 0)) {
    throw new QuarterdeckError('PARAMETER_INVALID', `windowMinutes is ${windowMinutes}, expected above 0`, {
      culprit: { option: 'windowMinutes' },
    });
  }
  const episodes = episodesOf(alerts, graph.upstream.n, windowMinutes);
  const { alone, rateOf } = backgroundOf(episodes, windowMinutes);
  const bursts = burstsOf(episodes, alone, windowMinutes);
  const options = { windowMinutes, rate: rateOf(bursts) };
  const causal = causalLinks(bursts, graph, options);
  const begin = (): { forest: CausalForest; conflicts: ConstraintConflict[] } => {
    const sets = new JoiningSets(episodes.count);
    const conflicts = constraints ? applyConstraints(sets, episodes, alerts, constraints) : [];
    return { forest: new CausalForest(sets, bursts), conflicts };
  };
  const first = begin();
  first.forest.grow(causal);
  const { forest, conflicts } = begin();
  forest.grow(supportedLinks(causal, first.forest));
  forest.grow(silentCauseLinks(forest.unexplained(), bursts, graph, options));
  forest.grow(overloadLinks(forest.lonely(), bursts, graph, options));
  const { group, groups, groupOfEpisode } = numberGroups(forest.sets, episodes);
  return { group, groups, evidence: evidenceOf(), conflicts };

  function evidenceOf(): GroupEvidence[] {
    const links = Array.from({ length: groups }, (): LinkEvidence[] => []);
    for (const link of forest.links.toSorted((a, b) => b.score - a.score || a.effect - b.effect)) {
      const own = links[groupOfEpisode[bursts.lead[link.effect]!]!]!;
      if (own.length < shownLinks) own.push(describeLink(link, bursts, episodes, alerts, graph));
    }
    const leads = new Int32Array(groups).fill(-1);
    const sizes = new Int32Array(groups);
    const conditions = new Int32Array(groups);
    const placesSeen = Array.from({ length: groups }, () => new Set<number>());
    for (let episode = 0; episode < episodes.count; episode++) {
      const own = groupOfEpisode[episode]!;
      const burst = bursts.burstOf[episode]!;
      if (leads[own] === -1 && !forest.isCaused(burst)) leads[own] = episodes.first[episode]!;
      sizes[own]! += episodes.repeats[episode]!;
      conditions[own]!++;
      placesSeen[own]!.add(episodes.place[episode]!);
    }
    return links.map((own, index) => ({
      group: index,
      lead: leads[index]!,
      links: own,
      summary: `${counted(sizes[index]!, 'alert')} of ${counted(conditions[index]!, 'condition')} at ${
        placesSeen[index]!.size === 1
          ? placeName(alerts[leads[index]!]!, graph)
          : counted(placesSeen[index]!.size, 'service')
      }`,
    }));
  }
}

function numberGroups(
  sets: JoiningSets,
  episodes: Episodes,
): { group: Int32Array; groups: number; groupOfEpisode: Int32Array } {
  const numberOf = new Map<number, number>();
  const groupOfEpisode = new Int32Array(episodes.count);
  for (let episode = 0; episode < episodes.count; episode++) {
    const root = sets.find(episode);
    let number = numberOf.get(root);
    if (number === undefined) numberOf.set(root, (number = numberOf.size));
    groupOfEpisode[episode] = number;
  }
  return {
    group: episodes.episodeOf.map((episode) => groupOfEpisode[episode]!),
    groups: numberOf.size,
    groupOfEpisode,
  };
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
