/** The terms that a view knows, each with its column, and in how many documents it stood. */
export interface Vocabulary {
  readonly terms: readonly string[];
  readonly columnOf: ReadonlyMap<string, number>;
  readonly documentFrequency: Int32Array;
  readonly documents: number;
}

export interface VocabularyOptions {
  /** Terms in fewer documents are left out. */
  readonly minimumDocuments: number;
  /** The most frequent terms are kept, of equally frequent ones the alphabetically first. */
  readonly maximumTerms: number;
}

export function buildVocabulary(
  documents: readonly (readonly string[])[],
  options: VocabularyOptions,
): Vocabulary {
  const frequency = new Map<string, number>();
  for (const document of documents) {
    for (const term of new Set(document)) frequency.set(term, (frequency.get(term) ?? 0) + 1);
  }
  const terms = Array.from(frequency)
    .filter(([, count]) => count >= options.minimumDocuments)
    .sort(([a, countOfA], [b, countOfB]) => countOfB - countOfA || (a < b ? -1 : 1))
    .slice(0, options.maximumTerms)
    .map(([term]) => term);
  return {
    terms,
    columnOf: columnsOf(terms),
    documentFrequency: Int32Array.from(terms, (term) => frequency.get(term)!),
    documents: documents.length,
  };
}

export function columnsOf(terms: readonly string[]): ReadonlyMap<string, number> {
  return new Map(terms.map((term, column) => [term, column]));
}
