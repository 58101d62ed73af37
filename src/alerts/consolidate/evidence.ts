import type { Episodes } from './episodes';
import type { Bursts } from './bursts';
import type { Link, LinkKind } from './links';
import type { IndexedGraph, PlacedAlert } from './placement';

export interface LinkEvidence {
  /** Index of the alert that came of the other. */
  readonly alert: number;
  /** Index of the alert that explains it. */
  readonly other: number;
  /** Dependencies between their services, 0 for the same. */
  readonly distance: number;
  /** From the other's start to the alert's; below 0 when the effect was reported first. */
  readonly minutes: number;
  /** Belief in [0, 1] that one came of the other. */
  readonly score: number;
  /** The same in words. */
  readonly why: string;
}

export interface GroupEvidence {
  readonly group: number;
  /** Index of the alert that the group begins with: no other alert explains it. */
  readonly lead: number;
  /** Strongest first, at most five; none where all is one condition. */
  readonly links: readonly LinkEvidence[];
  readonly summary: string;
}

export function describeLink(
  link: Link,
  bursts: Bursts,
  episodes: Episodes,
  alerts: readonly PlacedAlert[],
  graph: IndexedGraph,
): LinkEvidence {
  const alert = episodes.first[bursts.lead[link.effect]!]!;
  const other = episodes.first[bursts.lead[link.cause]!]!;
  const ratio = Math.exp(Math.min(50, link.score));
  return {
    alert,
    other,
    distance: link.distance,
    minutes: Math.round(link.minutes * 10) / 10,
    score: Math.round((1000 * ratio) / (1 + ratio)) / 1000,
    why: wordsOf(link, alerts[alert]!, alerts[other]!, graph),
  };
}

function wordsOf(link: Link, effect: PlacedAlert, cause: PlacedAlert, graph: IndexedGraph): string {
  const [from, to] = [placeName(effect, graph), placeName(cause, graph)];
  const silent = link.through >= 0 ? graph.graph.nodes[link.through]!.name : '';
  const relation: Record<LinkKind, string> = {
    'same-place': `both at ${from}`,
    depends: `${from} depends on ${to}`,
    'depends-through-silent': `${from} depends on ${to} through ${silent}, which reports nothing`,
    overload: `${to} depends on ${from} and may have overloaded it`,
    'silent-cause': `${from} and ${to} both depend on ${silent}, which reports nothing`,
  };
  return `${relation[link.kind]}, ${lagWords(link.minutes)}`;
}

export function placeName({ alert, node }: PlacedAlert, graph: IndexedGraph): string {
  return node >= 0 ? graph.graph.nodes[node]!.name : (alert.service ?? alert.resource ?? alert.name);
}

function lagWords(minutes: number): string {
  const rounded = Math.round(Math.abs(minutes) * 10) / 10;
  if (rounded === 0) return 'at the same time';
  return `${rounded} ${rounded === 1 ? 'minute' : 'minutes'} ${minutes > 0 ? 'later' : 'earlier'}`;
}
