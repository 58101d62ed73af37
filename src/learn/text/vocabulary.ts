import { termsOf, type Analyzer } from './analyze';

/** The terms that a view knows, each with its column, and in how many documents it stood. */
export interface Vocabulary {
  readonly terms: readonly string[];
  readonly documentFrequency: Int32Array;
  readonly documents: number;
}

/** Column of every term of a document, in order; −1 for a term that is not in the vocabulary. */
export type TermColumns = Int32Array;

export interface VocabularyOptions {
  /** Terms in fewer documents are left out. */
  readonly minimumDocuments: number;
  /** The most frequent terms are kept, of equally frequent ones the alphabetically first. */
  readonly maximumTerms: number;
}

/** Chooses the terms that are worth a column, and reads the documents as columns. */
export function buildVocabulary(
  documents: readonly (readonly string[])[],
  analyzer: Analyzer,
  options: VocabularyOptions,
): { vocabulary: Vocabulary; columns: TermColumns[] } {
  const interned = new InternedTerms(analyzer);
  const read = documents.map((tokens) => interned.read(tokens));
  const frequency = documentFrequencies(read, interned.terms.length);
  const chosen = Array.from(interned.terms.keys())
    .filter((id) => frequency[id]! >= options.minimumDocuments)
    .sort((a, b) => frequency[b]! - frequency[a]! || (interned.terms[a]! < interned.terms[b]! ? -1 : 1))
    .slice(0, options.maximumTerms);
  const columnOfId = new Int32Array(interned.terms.length).fill(-1);
  chosen.forEach((id, column) => {
    columnOfId[id] = column;
  });
  return {
    vocabulary: {
      terms: chosen.map((id) => interned.terms[id]!),
      documentFrequency: Int32Array.from(chosen, (id) => frequency[id]!),
      documents: documents.length,
    },
    columns: read.map((ids) => ids.map((id) => columnOfId[id]!)),
  };
}

/** Numbers terms as they come; a word is taken apart once. */
class InternedTerms {
  readonly terms: string[] = [];
  private readonly idOfTerm = new Map<string, number>();
  private readonly idsOfToken = new Map<string, readonly number[]>();

  constructor(private readonly analyzer: Analyzer) {}

  read(tokens: readonly string[]): Int32Array {
    return Int32Array.from(tokens.flatMap((token) => this.idsOf(token)));
  }

  private idsOf(token: string): readonly number[] {
    const known = this.idsOfToken.get(token);
    if (known) return known;
    const ids = termsOf(token, this.analyzer).map((term) => {
      let id = this.idOfTerm.get(term);
      if (id === undefined) {
        id = this.terms.length;
        this.idOfTerm.set(term, id);
        this.terms.push(term);
      }
      return id;
    });
    this.idsOfToken.set(token, ids);
    return ids;
  }
}

function documentFrequencies(documents: readonly Int32Array[], terms: number): Int32Array {
  const frequency = new Int32Array(terms);
  const lastSeenIn = new Int32Array(terms).fill(-1);
  documents.forEach((ids, document) => {
    for (const id of ids) {
      if (lastSeenIn[id] === document) continue;
      lastSeenIn[id] = document;
      frequency[id]!++;
    }
  });
  return frequency;
}
