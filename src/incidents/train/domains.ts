import type { Domain } from '../../contracts';
import { stem } from '../../learn/text';
import { distinctTerms, uniqueTopic, type Keyword } from './topic';

/** Two terms name a domain; more reads like a topic. */
const nameTerms = 2;
/** A term is common to a domain when so large a share of its clusters has a word of it among their keywords. */
const commonShare = 0.5;

/**
 * Names every domain by what sets it apart from the others and many of its clusters share.
 *
 * @param domainOfCluster domain number of each cluster, 0 … without gaps
 * @param clusterKeywords keywords of each cluster
 * @param domainKeywords keywords of each domain against the other domains, heaviest first
 * @returns the domains in order of their numbers
 */
export function nameDomains(
  domainOfCluster: ArrayLike<number>,
  clusterKeywords: readonly (readonly Keyword[])[],
  domainKeywords: readonly (readonly Keyword[])[],
): Domain[] {
  const clustersOf: number[][] = domainKeywords.map(() => []);
  for (let cluster = 0; cluster < domainOfCluster.length; cluster++) {
    clustersOf[domainOfCluster[cluster]!]!.push(cluster);
  }
  const taken = new Set<string>();
  return clustersOf.map((clusters, domain) => {
    const vocabularies = clusters.map((cluster) => new Set(clusterKeywords[cluster]!.flatMap(stemsOf)));
    const isCommon = (keyword: Keyword): boolean => {
      const having = vocabularies.filter((words) => stemsOf(keyword).some((word) => words.has(word)));
      return having.length >= commonShare * vocabularies.length;
    };
    const keywords = domainKeywords[domain]!;
    const common = keywords.filter(isCommon);
    // A domain of clusters without a common word still has words of its own.
    const terms = distinctTerms([...common, ...keywords]).slice(0, nameTerms);
    const name = terms.map(capitalised).join(' & ') || 'General';
    return { domain, name: uniqueTopic(taken, name), clusters };
  });
}

const stemsOf = ({ term }: Keyword): string[] =>
  term
    .toLowerCase()
    .split(' ')
    .map((word) => stem(word));

const capitalised = (term: string): string => term.charAt(0).toUpperCase() + term.slice(1);
