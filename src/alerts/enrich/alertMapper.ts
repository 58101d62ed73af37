import type { Alert } from '../../contracts';
import type { GraphIndex } from '../graph/graphIndex';
import { otherKeys, serviceKey, type AlertKey } from './alertKeys';
import { alertWords, placingValues } from './alertWords';
import { KeyTables } from './keyTables';
import { unmappedNode, type MappedNode } from './mapping';
import { WordIndex, type WordMatch } from './wordIndex';

const separator = '\u0000';
/** Most that words can be sure of; keys and aliases are surer. */
const wordCertainty = 0.85;

/**
 * From alerts to services. What decides is looked at once: alerts of the same service, resource and labels share
 * one answer, so the cost grows with what differs among the alerts, and never with alerts times services.
 */
export class AlertMapper {
  private readonly keys: KeyTables;
  private readonly words: WordIndex;
  private readonly byKeys = new Map<string, MappedNode | undefined>();
  private readonly byWords = new Map<string, MappedNode>();

  constructor(
    private readonly index: GraphIndex,
    private readonly minimumScore: number,
  ) {
    this.keys = new KeyTables(index.graph.nodes);
    this.words = new WordIndex(index.graph.nodes);
  }

  map(alert: Alert): MappedNode {
    const service = serviceKey(alert);
    const others = otherKeys(alert);
    const key = [service?.value ?? '', ...others.flatMap(({ field, value }) => [field, value])].join(
      separator,
    );
    let mapped = this.byKeys.get(key);
    if (mapped === undefined && !this.byKeys.has(key)) {
      mapped = this.mapByKey(service, others);
      this.byKeys.set(key, mapped);
    }
    return mapped ?? this.mapByWords(alert);
  }

  /** The service that the alert names itself comes before all else it carries. */
  private mapByKey(service: AlertKey | null, others: readonly AlertKey[]): MappedNode | undefined {
    const own = service && (this.keys.exact(service) ?? this.keys.alias(service));
    return (
      own ?? first(others, (key) => this.keys.exact(key)) ?? first(others, (key) => this.keys.alias(key))
    );
  }

  private mapByWords(alert: Alert): MappedNode {
    const key = [alert.service ?? '', alert.resource ?? '', ...placingValues(alert)].join(separator);
    let mapped = this.byWords.get(key);
    if (!mapped)
      this.byWords.set(key, (mapped = this.judge(alert, this.words.match(alertWords(alert, this.words)))));
    return mapped;
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
