import type { Domain } from '../../contracts';
import { distinctTerms, uniqueTopic, type Keyword } from './topic';

/** What the grouping of clusters into domains needs to know of each cluster. */
export interface DomainMember {
  readonly size: number;
  readonly keywords: readonly Keyword[];
}

/** Two terms name a domain; more reads like a topic. */
const nameTerms = 2;

/**
 * Names every domain by the terms that its clusters have in common.
 *
 * @param domainOfCluster domain number of each cluster, 0 … without gaps
 * @returns the domains in order of their numbers
 */
export function nameDomains(domainOfCluster: ArrayLike<number>, members: readonly DomainMember[]): Domain[] {
  const clustersOf = new Map<number, number[]>();
  for (let cluster = 0; cluster < domainOfCluster.length; cluster++) {
    const domain = domainOfCluster[cluster]!;
    clustersOf.set(domain, [...(clustersOf.get(domain) ?? []), cluster]);
  }
  const taken = new Set<string>();
  return [...clustersOf.entries()]
    .sort(([a], [b]) => a - b)
    .map(([domain, clusters]) => {
      const terms = distinctTerms(commonTerms(clusters.map((cluster) => members[cluster]!)));
      const name = terms.slice(0, nameTerms).map(capitalised).join(' & ') || 'General';
      return { domain, name: uniqueTopic(taken, name), clusters };
    });
}

/**
 * Terms of several clusters, those that many of them share first: the sum of each term's weight relative to its
 * cluster's heaviest, by the cluster's size, times the share of clusters that have it.
 */
function commonTerms(clusters: readonly DomainMember[]): Keyword[] {
  const total = clusters.reduce((sum, { size }) => sum + size, 0);
  const score = new Map<string, { weight: number; clusters: number }>();
  for (const { size, keywords } of clusters) {
    const heaviest = keywords[0]?.weight ?? 0;
    for (const { term, weight } of keywords) {
      const entry = score.get(term) ?? { weight: 0, clusters: 0 };
      entry.weight += heaviest > 0 && total > 0 ? ((weight / heaviest) * size) / total : 0;
      entry.clusters++;
      score.set(term, entry);
    }
  }
  return [...score.entries()]
    .map(([term, entry]) => ({ term, weight: (entry.weight * entry.clusters) / clusters.length }))
    .sort((a, b) => b.weight - a.weight || (a.term < b.term ? -1 : 1));
}

const capitalised = (term: string): string => term.charAt(0).toUpperCase() + term.slice(1);
