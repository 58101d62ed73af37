import type { Alert } from '../../contracts';
import { namesService } from './alertKeys';
import type { WordIndex } from './wordIndex';
import { wordsOf } from './words';

/** Trust in each field as a place for the words of a service's name. */
const serviceTrust = 1;
const resourceTrust = 0.8;
const namingLabelTrust = 0.8;
const labelTrust = 0.5;

/** Labels that say what is wrong or who watches, not where. */
const otherSubjects = new Set([
  'alertname',
  'alertstate',
  'description',
  'generatorurl',
  'message',
  'monitor',
  'priority',
  'prometheus',
  'runbook_url',
  'severity',
  'status',
  'summary',
  'team',
]);
/** Bounds on one alert, so that one with thousands of labels costs no more than a few. */
const mostLabels = 64;
const mostWords = 64;
/** Values whose words are kept; beyond, all are forgotten at once. */
const mostValuesKept = 65_536;

/** Words of alerts that some service has too. */
export class AlertWords {
  private readonly known = new Map<string, readonly string[]>();

  constructor(private readonly index: WordIndex) {}

  /** Each word with the trust in the best field it stands in. */
  of(alert: Alert): Map<string, number> {
    const trusts = new Map<string, number>();
    this.add(trusts, alert.service, serviceTrust);
    this.add(trusts, alert.resource, resourceTrust);
    const labels = placingLabels(alert);
    for (const label of labels)
      if (namesService(label)) this.add(trusts, alert.labels[label]!, namingLabelTrust);
    for (const label of labels) if (!namesService(label)) this.add(trusts, alert.labels[label]!, labelTrust);
    return trusts;
  }

  private add(trusts: Map<string, number>, value: string | null, trust: number): void {
    if (value === null || value === '') return;
    for (const word of this.knownWords(value)) {
      if (trusts.size >= mostWords) return;
      if (!trusts.has(word)) trusts.set(word, trust);
    }
  }

  private knownWords(value: string): readonly string[] {
    let words = this.known.get(value);
    if (!words) {
      words = wordsOf(value).filter((word) => this.index.has(word));
      if (this.known.size >= mostValuesKept) this.known.clear();
      this.known.set(value, words);
    }
    return words;
  }
}

/** In lexical order, so that the bound cuts the same ones whatever order they came in. */
function placingLabels({ labels }: Alert): string[] {
  return Object.keys(labels)
    .filter((name) => !otherSubjects.has(name.toLowerCase()))
    .sort()
    .slice(0, mostLabels);
}
