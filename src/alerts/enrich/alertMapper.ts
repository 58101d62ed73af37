import type { Alert } from '../../contracts';
import type { GraphIndex } from '../graph/graphIndex';
import { keyText, otherKeys, serviceKey, type AlertKey } from './alertKeys';
import { AlertWords } from './alertWords';
import { KeyTables } from './keyTables';
import { unmappedNode, type MappedNode } from './mapping';
import { WordIndex, type WordMatch } from './wordIndex';

const noMatch: WordMatch = { best: undefined, runnerUp: 0 };
/** Most that words can be sure of; keys and aliases are surer. */
const wordCertainty = 0.85;

/**
 * From alerts to services. What decides is looked at once: alerts of the same service, resource and labels share
 * one answer, and so do alerts with the same words in common with any service. So the cost grows with what differs
 * among the alerts, and not with alerts times services.
 */
export class AlertMapper {
  private readonly keys: KeyTables;
  private readonly wordIndex: WordIndex;
  private readonly alertWords: AlertWords;
  private readonly byKeys = new Map<string, MappedNode | null>();
  private readonly byWords = new Map<string, WordMatch>();

  constructor(
    private readonly index: GraphIndex,
    private readonly minimumScore: number,
  ) {
    this.keys = new KeyTables(index.graph.nodes);
    this.wordIndex = new WordIndex(index.graph.nodes);
    this.alertWords = new AlertWords(this.wordIndex);
  }

  map(alert: Alert): MappedNode {
    const text = keyText(alert);
    let mapped = this.byKeys.get(text);
    if (mapped === undefined) {
      mapped = this.mapByKey(serviceKey(alert), otherKeys(alert)) ?? null;
      this.byKeys.set(text, mapped);
    }
    return mapped ?? this.judge(alert, this.matchWords(alert));
  }

  /** The service that the alert names itself comes before all else it carries. */
  private mapByKey(service: AlertKey | null, others: readonly AlertKey[]): MappedNode | undefined {
    const own = service && (this.keys.exact(service) ?? this.keys.alias(service));
    return (
      own ?? first(others, (key) => this.keys.exact(key)) ?? first(others, (key) => this.keys.alias(key))
    );
  }

  private matchWords(alert: Alert): WordMatch {
    const trusts = this.alertWords.of(alert);
    if (trusts.size === 0) return noMatch;
    let key = '';
    for (const [word, trust] of trusts) key += `${word} ${trust} `;
    let match = this.byWords.get(key);
    if (!match) this.byWords.set(key, (match = this.wordIndex.match(trusts)));
    return match;
  }

  private judge(alert: Alert, { best, runnerUp }: WordMatch): MappedNode {
    const said = alert.service ? `service “${alert.service}”` : 'an alert that names no service';
    if (!best) return unmapped(0, `no word of ${said} is one of a service of the graph`);
    const id = this.index.graph.nodes[best.node]!.id;
    const words = best.words.map((word) => `“${word}”`).join(', ');
    const points = best.score.toFixed(2);
    if (best.score < this.minimumScore) {
      return unmapped(
        best.score,
        `the best guess for ${said} is “${id}” by ${words}: ${points} points of the ${this.minimumScore} needed`,
      );
    }
    const rival = runnerUp > 0 ? `, the next best service has ${runnerUp.toFixed(2)}` : '';
    const matched = `words in common with service “${id}”: ${words}, ${points} points${rival}`;
    const confidence = wordConfidence(best.score, runnerUp);
    return { node: best.node, mapping: { method: 'scored', confidence, score: best.score, matched } };
  }
}

/** Rises with the points, halved where another service fits as well. */
function wordConfidence(score: number, runnerUp: number): number {
  return wordCertainty * (score / (1 + score)) * (1 - runnerUp / score / 2);
}

function unmapped(score: number, matched: string): MappedNode {
  return { node: unmappedNode, mapping: { method: 'none', confidence: 0, score, matched } };
}

function first<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
