import type { Random } from '../../contracts';
import { machineTrace, pick } from './slots';

/** How people write: other words for the same, slips of the keyboard, and all that stands around the matter. */

const synonyms: readonly (readonly string[])[] = [
  ['does not work', 'is not working', 'stopped working', 'no longer works'],
  ['cannot', "can't", 'is unable to', 'can not'],
  ['Please', 'Could you please', 'Kindly', 'please'],
  ['again and again', 'repeatedly', 'over and over'],
  ['since', 'ever since'],
  ['fails', 'fails every time', 'is failing'],
  ['shows', 'displays', 'gives'],
  ['very slow', 'extremely slow', 'really slow'],
  ['error', 'error message'],
  ['missing', 'not there', 'gone'],
  ['several', 'some', 'a few'],
];

/** Chance that a phrase with other words for it is replaced. */
const synonymChance = 0.3;

export function paraphrase(text: string, random: Random): string {
  let result = text;
  for (const group of synonyms) {
    if (random.next() >= synonymChance) continue;
    const found = group.find((phrase) => result.includes(phrase));
    if (found !== undefined) result = result.replace(found, pick(random, group));
  }
  return result;
}

/** Two neighbouring letters of one word change places. */
export function mistype(text: string, random: Random): string {
  const words = text.split(' ');
  const index = random.integer(words.length);
  const word = words[index]!;
  // Short words and codes would become other words.
  if (!/^[a-z]{5,}$/.test(word)) return text;
  const at = 1 + random.integer(word.length - 3);
  words[index] = word.slice(0, at) + word[at + 1]! + word[at]! + word.slice(at + 2);
  return words.join(' ');
}

const circumstances = [
  'It started this morning.',
  'It worked fine last week.',
  'A restart did not help.',
  'Two colleagues have the same problem.',
  'This is urgent, we have customers waiting.',
  'Nothing was changed on our side.',
  'I am in the office until four.',
  'Screenshot is attached.',
];

/** A sentence that could stand in any ticket. */
export function circumstance(random: Random): string {
  return pick(random, circumstances);
}

const firstNames = ['Anna', 'Bilal', 'Chen', 'Dora', 'Emil', 'Fatima', 'Goran', 'Hana', 'Ivan', 'Julia'];
const lastNames = [
  'Berg',
  'Costa',
  'Dietz',
  'Evans',
  'Fischer',
  'Garcia',
  'Hansen',
  'Ito',
  'Jansen',
  'Kowalski',
];

/** Greeting, signature, forms, disclaimers, quoted mail, markup: each on its own share of the tickets. */
export function dress(body: string, random: Random): string {
  const first = pick(random, firstNames);
  const last = pick(random, lastNames);
  let text = body;
  if (random.next() < 0.15) text = `${text}\n${machineTrace(random)}`;
  if (random.next() < 0.35) {
    text = `${pick(random, ['Hi team,', 'Hello,', 'Dear Service Desk,', 'Good morning,', `Hi ${first},`])}\n${text}`;
  }
  if (random.next() < 0.12) {
    text = `Caller: ${first} ${last}\nLocation: Building ${1 + random.integer(9)}\nPhone: ${1000 + random.integer(8999)}\n${text}`;
  }
  if (random.next() < 0.3) {
    text = `${text}\n\n${pick(random, ['Kind regards,', 'Best regards', 'Thanks,', 'Mit freundlichen Grüßen'])}\n${first} ${last}`;
    if (random.next() < 0.5)
      text += `\n${first.toLowerCase()}.${last.toLowerCase()}@example.com\n+49 40 55${1000 + random.integer(8999)}`;
  }
  if (random.next() < 0.06) {
    text +=
      '\n\nThis e-mail is confidential and intended for the addressee only. If you have received this message in error, please delete it.';
  }
  if (random.next() < 0.05) {
    text += `\n\n-----Original Message-----\nFrom: ${last}, ${first}\nSent: Monday\nTo: Service Desk\nSubject: question\n\nDoes anybody know more about this?`;
  }
  if (random.next() < 0.05) text = `<div>${text.replaceAll('\n', '<br>')}</div>`;
  return text;
}
