import type { ServiceNode } from '../../contracts';
import { wordsOf } from './words';

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
/** For a service all of whose words were found. */
const pointsOfWholeName = 1;
/** Words of more services than this are skipped, or their number times that of alerts would have no bound. */
const mostNodes = (n: number): number => Math.max(16, Math.ceil(n / 16));

/**
 * Services by the words of their ids, names and aliases. A word counts by its rarity: 1 for one service alone,
 * falling with the logarithm of the services that share it (inverse document frequency, Spärck Jones 1972).
 */
export class WordIndex {
  private readonly postings = new Map<string, Int32Array>();
  private readonly wordCount: Int32Array;
  private readonly score: Float64Array;
  private readonly found: Int32Array;
  private readonly touched: number[] = [];

  constructor(private readonly nodes: readonly ServiceNode[]) {
    const lists = new Map<string, number[]>();
    this.wordCount = new Int32Array(nodes.length);
    this.score = new Float64Array(nodes.length);
    this.found = new Int32Array(nodes.length);
    nodes.forEach(({ id, name, aliases }, node) => {
      const own = new Set(wordsOf(id));
      this.wordCount[node] = own.size;
      for (const word of [name, ...aliases].flatMap(wordsOf)) own.add(word);
      for (const word of own) {
        const list = lists.get(word);
        if (list) list.push(node);
        else lists.set(word, [node]);
      }
    });
    for (const [word, list] of lists) {
      if (list.length <= mostNodes(nodes.length)) this.postings.set(word, Int32Array.from(list));
    }
  }

  has(word: string): boolean {
    return this.postings.has(word);
  }

  /** @param trusts each word of an alert with the trust in the field it stands in. */
  match(trusts: ReadonlyMap<string, number>): WordMatch {
    const { score, found, touched } = this;
    for (const [word, trust] of trusts) {
      const points = this.pointsOf(word) * trust;
      for (const node of this.postings.get(word) ?? []) {
        if (found[node]!++ === 0) touched.push(node);
        score[node]! += points;
      }
    }
    let best = -1;
    let top = 0;
    let runnerUp = 0;
    for (const node of touched) {
      const whole = found[node]! >= this.wordCount[node]! ? pointsOfWholeName * Math.min(1, score[node]!) : 0;
      const total = score[node]! + whole;
      const ahead = total > top || (total === top && this.comesFirst(node, best));
      if (ahead) {
        runnerUp = top;
        best = node;
        top = total;
      } else runnerUp = Math.max(runnerUp, total);
      score[node] = 0;
      found[node] = 0;
    }
    touched.length = 0;
    return {
      best: best < 0 ? undefined : { node: best, score: top, words: this.common(best, trusts) },
      runnerUp,
    };
  }

  /** Of equals, the one with fewer words to be wrong about, then the first by id. */
  private comesFirst(node: number, other: number): boolean {
    const fewer = this.wordCount[node]! - this.wordCount[other]!;
    return fewer !== 0 ? fewer < 0 : this.nodes[node]!.id < this.nodes[other]!.id;
  }

  private pointsOf(word: string): number {
    const holders = this.postings.get(word)?.length;
    if (holders === undefined) return 0;
    const all = this.nodes.length + 1;
    const rarity = Math.log(all / holders) / Math.log(all);
    return pointsOfOwnWord * rarity * (/^\p{N}+$/u.test(word) ? numberShare : 1);
  }

  private common(node: number, trusts: ReadonlyMap<string, number>): string[] {
    return [...trusts]
      .filter(([word]) => this.postings.get(word)?.includes(node))
      .map(([word, trust]) => ({ word, points: this.pointsOf(word) * trust }))
      .sort((a, b) => b.points - a.points || (a.word < b.word ? -1 : 1))
      .map(({ word }) => word);
  }
}
