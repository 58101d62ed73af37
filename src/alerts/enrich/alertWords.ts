import type { Alert } from '../../contracts';
import type { WordIndex } from './wordIndex';
import { wordsOf } from './words';

/** Trust in each field as a place for the words of a service's name. */
const serviceTrust = 1;
const resourceTrust = 0.8;
const labelTrust = 0.6;

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

/** Words of an alert that some service has too, each with the trust in the best field it stands in. */
export function alertWords(alert: Alert, index: WordIndex): Map<string, number> {
  const trusts = new Map<string, number>();
  const add = (value: string | null, trust: number): void => {
    if (value === null) return;
    for (const word of wordsOf(value)) {
      if (trusts.size >= mostWords) return;
      if (index.has(word) && !trusts.has(word)) trusts.set(word, trust);
    }
  };
  add(alert.service, serviceTrust);
  add(alert.resource, resourceTrust);
  for (const value of placingValues(alert)) add(value, labelTrust);
  return trusts;
}

/** Values of labels that may say where the trouble is, in lexical order of the labels. */
export function placingValues({ labels }: Alert): string[] {
  const names = Object.keys(labels).filter((name) => !otherSubjects.has(name.toLowerCase()));
  return names
    .sort()
    .slice(0, mostLabels)
    .map((name) => labels[name]!);
}
