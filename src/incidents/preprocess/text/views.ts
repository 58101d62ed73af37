import { wordsOf } from './sentences';

/**
 * Two views of a ticket beside its meaning as a whole, for the weighted embedding: which things it names and what
 * happens to them. Rules, not a model: fast, explainable, and the same in every run.
 */

/** Products and systems that people write in lower case. */
const products = new Set(
  'outlook teams sharepoint onedrive exchange excel word powerpoint office windows azure intune citrix vpn wifi sap oracle sql jira confluence servicenow salesforce workday zoom webex chrome edge firefox printer scanner laptop monitor docking keyboard mouse headset phone mobile badge server database backup storage firewall router switch network internet email mailbox calendar password account license certificate mfa token card atm pin transfer payment top-up refund exchange currency'.split(
    ' ',
  ),
);

const errorCode =
  /\b(?:0x[0-9a-f]{4,16}|[A-Z]{2,8}[-_]\d{2,7}|(?:HTTP|error|code|event(?: id)?)[ :#]{1,2}\d{3,5}|KB\d{6,8})\b/gi;
const properName = /\b(?:[A-Z]{2,10}\d{0,4}|[A-Z][a-z]+[A-Z]\w{1,30}|[A-Z][a-z]{2,30}\d{1,4})\b/g;

/** Products, systems and error codes that a text names, in lower case, each once, in order. */
export function extractEntities(text: string): string[] {
  const found = new Set<string>();
  for (const match of text.matchAll(errorCode)) found.add(match[0].toLowerCase());
  // In a text all in capitals, capitals say nothing.
  if (/[a-z]/.test(text)) for (const match of text.matchAll(properName)) found.add(match[0].toLowerCase());
  for (const word of wordsOf(text)) {
    const singular = word.replace(/s$/, '');
    if (products.has(word)) found.add(word);
    else if (products.has(singular)) found.add(singular);
  }
  return [...found];
}

/** Every form of a verb, to its base. */
const actions: ReadonlyMap<string, string> = new Map(
  [
    'reset resets resetting',
    'unlock unlocks unlocked unlocking',
    'lock locks locked locking lockout',
    'install installs installed installing installation',
    'update updates updated updating upgrade upgraded upgrading',
    'crash crashes crashed crashing freeze freezes frozen freezing hang hangs hanging',
    'fail fails failed failing failure',
    'connect connects connected connecting connection',
    'disconnect disconnects disconnected disconnecting drop drops dropped dropping',
    'open opens opened opening',
    'start starts started starting boot boots booting',
    'stop stops stopped stopping',
    'login logon signin log-in log-on sign-in',
    'work works working worked',
    'access accesses accessing accessed',
    'request requests requested requesting',
    'create creates created creating',
    'delete deletes deleted deleting remove removes removed removing',
    'restore restores restored restoring recover recovered',
    'print prints printed printing',
    'send sends sent sending',
    'receive receives received receiving arrive arrives arrived',
    'sync syncs synced syncing synchronize synchronise',
    'expire expires expired expiring',
    'configure configured configuring setup',
    'replace replaces replaced replacing',
    'order orders ordered ordering',
    'lose loses lost losing missing',
    'break breaks broke broken',
    'decline declines declined declining reject rejected refuse refused',
    'transfer transfers transferred transferring',
    'pay pays paid paying',
    'charge charges charged charging',
    'cancel cancels cancelled canceled cancelling',
    'activate activates activated activating',
    'verify verifies verified verifying',
    'change changes changed changing',
    'slow slowness slower',
    'block blocks blocked blocking',
  ].flatMap((forms) => {
    const [base, ...others] = forms.split(' ');
    return [base!, ...others].map((form): [string, string] => [form, base!]);
  }),
);
const negations = new Set([
  'not',
  'no',
  'cannot',
  "can't",
  'cant',
  "doesn't",
  'doesnt',
  "don't",
  'dont',
  "won't",
  'wont',
  'unable',
  'never',
  "didn't",
  "isn't",
  'impossible',
]);
/** Words between a negation and the verb that it denies. */
const negationReach = 3;

/** What happens or is asked for, as base verbs, `not …` where denied, each once, in order. */
export function extractActions(text: string): string[] {
  const found = new Set<string>();
  for (const clause of text.split(/[.,;:!?\n]/)) {
    let deniedUntil = -1;
    wordsOf(clause).forEach((word, index) => {
      if (negations.has(word)) deniedUntil = index + negationReach;
      const action = actions.get(word);
      if (action) found.add(index <= deniedUntil ? `not ${action}` : action);
    });
  }
  return [...found];
}
