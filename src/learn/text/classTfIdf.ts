import { QuarterdeckError } from '../../contracts';
import { functionWords } from './functionWords';
import { stem } from './stem';
import { tokenize } from './tokenize';

export interface ClassTfIdfOptions {
  /** Keywords per class; fewer where a class has fewer. */
  readonly keywords?: number;
}

export interface ClassKeyword {
  /** One word or two, as written most often. */
  readonly term: string;
  /** Larger sets the class apart more; comparable between classes. */
  readonly weight: number;
}

const defaultKeywords = 10;
/** A pair replaces a word of its own that weighs up to this many times as much: it says more. */
const pairAdvantage = 2;
/** A pair must stand in this many documents of a class, a word in one: chance puts words side by side. */
const minimumPairDocuments = 2;

/**
 * What sets each class apart: class-based TF-IDF (Grootendorst, "BERTopic", 2022) over words and pairs of
 * neighbouring words. Inflected forms count as one and are shown as written most often; a document counts a
 * term once, so one long ticket cannot speak for its class. Terms that repeat heavier ones are left out.
 * @returns keywords of each class, heaviest first; none for a class without words.
 * @throws PARAMETER_INVALID
 */
export function classTfIdf(
  documentsByClass: readonly (readonly string[])[],
  options: ClassTfIdfOptions = {},
): ClassKeyword[][] {
  const { keywords = defaultKeywords } = options;
  if (!Number.isInteger(keywords) || keywords < 1) {
    throw new QuarterdeckError('PARAMETER_INVALID', `keywords is ${keywords}, at least 1 is needed`, {
      culprit: { option: 'keywords' },
    });
  }
  const spellings = new Spellings();
  const counted = documentsByClass.map((documents) => countTerms(documents, spellings));
  const overall = new Map<string, number>();
  let total = 0;
  for (const counts of counted) {
    for (const [term, count] of counts) {
      overall.set(term, (overall.get(term) ?? 0) + count);
      total += count;
    }
  }
  const perClass = total / Math.max(1, documentsByClass.length);
  return counted.map((counts) => {
    const sum = [...counts.values()].reduce((all, count) => all + count, 0);
    const candidates = Array.from(counts)
      .filter(([term, count]) => !term.includes(' ') || count >= minimumPairDocuments)
      .map(([term, count]) => ({
        term,
        weight: (count / sum) * Math.log(1 + perClass / overall.get(term)!),
      }))
      .sort((a, b) => b.weight - a.weight || (a.term < b.term ? -1 : 1));
    return withoutRepeats(candidates, keywords).map(({ term, weight }) => ({
      term: spellings.of(term),
      weight,
    }));
  });
}

/** Number of documents that hold each term; terms are stems, or two stems with a space between. */
function countTerms(documents: readonly string[], spellings: Spellings): Map<string, number> {
  const counts = new Map<string, number>();
  for (const document of documents) {
    const seen = new Set<string>();
    let before: { stem: string; word: string } | undefined;
    for (const word of tokenize(document)) {
      if (functionWords.has(word) || !/\p{L}{2}/u.test(word)) {
        before = undefined;
        continue;
      }
      const current = { stem: stem(word), word };
      seen.add(current.stem);
      spellings.add(current.stem, word);
      if (before && before.stem !== current.stem) {
        const pair = `${before.stem} ${current.stem}`;
        seen.add(pair);
        spellings.add(pair, `${before.word} ${word}`);
      }
      before = current;
    }
    for (const term of seen) counts.set(term, (counts.get(term) ?? 0) + 1);
  }
  return counts;
}

interface Candidate {
  readonly term: string;
  readonly weight: number;
}

function withoutRepeats(candidates: readonly Candidate[], limit: number): Candidate[] {
  const chosen: Candidate[] = [];
  for (const candidate of candidates) {
    const stems = candidate.term.split(' ');
    const within = chosen.findIndex(({ term }) => term.split(' ').some((part) => stems.includes(part)));
    if (within === -1) {
      if (chosen.length < limit) chosen.push(candidate);
      continue;
    }
    const heavier = chosen[within]!;
    const extendsWord = stems.length > 1 && stems.includes(heavier.term);
    if (extendsWord && candidate.weight * pairAdvantage >= heavier.weight) {
      // The pair takes the word's place and weight, and every other word of its own.
      chosen[within] = { term: candidate.term, weight: heavier.weight };
      for (let index = chosen.length - 1; index > within; index--) {
        if (stems.includes(chosen[index]!.term)) chosen.splice(index, 1);
      }
    }
  }
  return chosen;
}

/** How a term is written most often; of equally frequent ways, the alphabetically first. */
class Spellings {
  private readonly counts = new Map<string, Map<string, number>>();

  add(term: string, written: string): void {
    let ways = this.counts.get(term);
    if (!ways) this.counts.set(term, (ways = new Map<string, number>()));
    ways.set(written, (ways.get(written) ?? 0) + 1);
  }

  of(term: string): string {
    const ways = Array.from(this.counts.get(term) ?? []);
    ways.sort(([a, countOfA], [b, countOfB]) => countOfB - countOfA || (a < b ? -1 : 1));
    return ways[0]?.[0] ?? term;
  }
}
