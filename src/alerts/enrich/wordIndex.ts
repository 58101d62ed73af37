import type { ServiceNode } from '../../contracts';
import { partsOf, wordsOf } from './words';

export interface WordHit {
  readonly node: number;
  /** Points of the words in common. */
  readonly score: number;
  /** The words in common, heaviest first. */
  readonly words: readonly string[];
}

export interface WordMatch {
  readonly best: WordHit | undefined;
  /** Points of the second best; 0 when there is none. */
  readonly runnerUp: number;
}

/** A word that names one service alone, in the field trusted most. */
const pointsOfOwnWord = 2;
/** A number tells copies of a name apart, but names nothing by itself. */
const numberShare = 0.5;
/** For a service all of whose words were found, in the field trusted most. */
const pointsOfWholeName = 1;
/** Words of more services than this lead to none by themselves; they only speak for those found by rarer words. */
const mostLedTo = (n: number): number => Math.max(16, Math.ceil(n / 16));

interface Word {
  readonly text: string;
  readonly points: number;
  readonly holders: ReadonlySet<number>;
}

/**
 * Services by the words of their ids, names and aliases. A word counts by its rarity: 1 for one service alone,
 * falling with the logarithm of the services that share it (inverse document frequency, Spärck Jones 1972).
 */
export class WordIndex {
  private readonly words = new Map<string, Word>();
  /** Words of the id. */
  private readonly ownWords: Int32Array;
  /** 1 where the id has a word other than numbers, without which it has no name that could be found whole. */
  private readonly named: Uint8Array;
  private readonly mostLedTo: number;

  constructor(private readonly nodes: readonly ServiceNode[]) {
    const holders = new Map<string, Set<number>>();
    this.mostLedTo = mostLedTo(nodes.length);
    this.named = new Uint8Array(nodes.length);
    this.ownWords = Int32Array.from(nodes, ({ id, name, aliases }, node) => {
      const own = partsOf(id);
      for (const word of new Set([id, name, ...aliases].flatMap(wordsOf))) {
        const nodesOfWord = holders.get(word);
        if (nodesOfWord) nodesOfWord.add(node);
        else holders.set(word, new Set([node]));
      }
      this.named[node] = Number(!own.every(isNumber));
      return own.length;
    });
    const all = nodes.length + 1;
    for (const [text, set] of holders) {
      const rarity = Math.log(all / set.size) / Math.log(all);
      const points = pointsOfOwnWord * rarity * (isNumber(text) ? numberShare : 1);
      this.words.set(text, { text, points, holders: set });
    }
  }

  has(word: string): boolean {
    return this.words.has(word);
  }

  /** @param trusts each word of an alert with the trust in the field it stands in. */
  match(trusts: ReadonlyMap<string, number>): WordMatch {
    const rarestFirst = [...trusts]
      .flatMap(([text, trust]) => {
        const word = this.words.get(text);
        return word ? [{ ...word, trust }] : [];
      })
      .sort((a, b) => a.holders.size - b.holders.size || (a.text < b.text ? -1 : 1));
    const tallies = new Map<number, { score: number; found: number; trust: number }>();
    rarestFirst.forEach(({ holders, points, trust }, position) => {
      const leads = position === 0 || holders.size <= this.mostLedTo;
      for (const node of leads ? holders : tallies.keys()) {
        if (!holders.has(node)) continue;
        const tally = tallies.get(node) ?? { score: 0, found: 0, trust: 0 };
        tally.score += points * trust;
        tally.found++;
        tally.trust = Math.max(tally.trust, trust);
        tallies.set(node, tally);
      }
    });
    let best = -1;
    let top = 0;
    let runnerUp = 0;
    for (const [node, { score, found, trust }] of tallies) {
      const whole = this.named[node] === 1 && found >= this.ownWords[node]!;
      const total = score + (whole ? pointsOfWholeName * Math.min(1, score) * trust : 0);
      if (best < 0 || total > top || (total === top && this.comesFirst(node, best))) {
        runnerUp = top;
        best = node;
        top = total;
      } else runnerUp = Math.max(runnerUp, total);
    }
    if (best < 0 || top <= 0) return { best: undefined, runnerUp: 0 };
    const words = rarestFirst
      .filter(({ holders }) => holders.has(best))
      .sort((a, b) => b.points * b.trust - a.points * a.trust || (a.text < b.text ? -1 : 1))
      .map(({ text }) => text);
    return { best: { node: best, score: top, words }, runnerUp };
  }

  /** Of equals, the one with fewer words to be wrong about, then the first by id. */
  private comesFirst(node: number, other: number): boolean {
    const fewer = this.ownWords[node]! - this.ownWords[other]!;
    return fewer !== 0 ? fewer < 0 : this.nodes[node]!.id < this.nodes[other]!.id;
  }
}

function isNumber(word: string): boolean {
  return /^\p{N}+$/u.test(word);
}
