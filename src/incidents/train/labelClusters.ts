import type { Domain, LabeledCluster } from '../../contracts';
import type { LanguageModel } from '../../platform/language/languageModel';
import { nameDomains } from './domains';
import type { FitOutput } from './fitCenter';
import { nameThemes } from './nameThemes';
import { topicsFromKeywords, uniqueTopic } from './topic';

/** A cluster with everything but its identity, which needs the version's name. */
export type Label = Omit<LabeledCluster, 'stableId' | 'lineage'>;

export interface Labels {
  readonly clusters: readonly Label[];
  readonly domains: readonly Domain[];
  /** Names of the language model that the keywords did not bear out. */
  readonly rejectedNames: number;
}

/**
 * Names clusters and domains: by keywords always, by a language model where there is one and the keywords bear its
 * names out.
 *
 * @param ticketOf number and title of a training row
 */
export async function labelClusters(
  fit: FitOutput,
  ticketOf: (row: number) => { number: string; title: string },
  languageModel: LanguageModel | undefined,
  signal: AbortSignal,
): Promise<Labels> {
  const keywords = fit.clusters.map((cluster) => cluster.keywords);
  const representatives = fit.clusters.map((cluster) => cluster.representatives.map(ticketOf));
  const topics = topicsFromKeywords(keywords);
  const named = languageModel
    ? await nameThemes(
        languageModel,
        keywords.map((terms, index) => ({
          keywords: terms,
          titles: representatives[index]!.map(({ title }) => title),
        })),
        signal,
      )
    : undefined;
  // Names come first: two clusters may have got the same one.
  const taken = new Set<string>();
  const names = topics.map((topic, index) => uniqueTopic(taken, named?.names[index] ?? topic));

  const domains = nameDomains(fit.domainOfCluster, keywords, fit.domainKeywords);
  const clusters = fit.clusters.map((cluster, index): Label => {
    const domain = fit.domainOfCluster[index]!;
    return {
      cluster: index,
      topic: names[index]!,
      keywords: cluster.keywords.map(({ term, weight }) => ({ term, weight })),
      namedBy: named?.names[index] === undefined ? 'keywords' : 'language-model',
      domain,
      domainName: domains.find((candidate) => candidate.domain === domain)!.name,
      size: cluster.size,
      persistence: cluster.persistence,
      representatives: representatives[index]!,
      centroid: [...cluster.centroid],
      leastSimilarity: cluster.leastSimilarity,
      layout: [...fit.layout.centers[index]!],
    };
  });
  return { clusters, domains, rejectedNames: named?.rejected ?? 0 };
}
