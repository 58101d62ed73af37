/**
 * The stem of an English word: M. F. Porter, "An algorithm for suffix stripping" (1980), as on
 * https://tartarus.org/martin/PorterStemmer/, with the possessive taken off first. Words that hold anything
 * but the letters a to z come back unchanged.
 */
export function stem(token: string): string {
  const word = token.replace(/'s?$/, '');
  if (word.length < 3 || !/^[a-z]+$/.test(word)) return word;
  return tidyEnd(stripResidue(stripSuffix(thirdStep, stripSuffix(secondStep, plainEnd(word)))));
}

const consonant = '[^aeiou]';
const vowel = '[aeiouy]';
const consonants = `${consonant}[^aeiouy]*`;
const vowels = `${vowel}[aeiou]*`;
/** At least one, exactly one, and at least two sequences of vowel and consonant: m > 0, m = 1, m > 1. */
const measureAboveZero = new RegExp(`^(${consonants})?${vowels}${consonants}`);
const measureOne = new RegExp(`^(${consonants})?${vowels}${consonants}(${vowels})?$`);
const measureAboveOne = new RegExp(`^(${consonants})?${vowels}${consonants}${vowels}${consonants}`);
const hasVowel = new RegExp(`^(${consonants})?${vowel}`);
const endsShort = new RegExp(`^${consonants}${vowel}[^aeiouwxy]$`);

const secondStep: readonly (readonly [string, string])[] = [
  ['ational', 'ate'],
  ['tional', 'tion'],
  ['enci', 'ence'],
  ['anci', 'ance'],
  ['izer', 'ize'],
  ['bli', 'ble'],
  ['alli', 'al'],
  ['entli', 'ent'],
  ['eli', 'e'],
  ['ousli', 'ous'],
  ['ization', 'ize'],
  ['ation', 'ate'],
  ['ator', 'ate'],
  ['alism', 'al'],
  ['iveness', 'ive'],
  ['fulness', 'ful'],
  ['ousness', 'ous'],
  ['aliti', 'al'],
  ['iviti', 'ive'],
  ['biliti', 'ble'],
  ['logi', 'log'],
];

const thirdStep: readonly (readonly [string, string])[] = [
  ['icate', 'ic'],
  ['ative', ''],
  ['alize', 'al'],
  ['iciti', 'ic'],
  ['ical', 'ic'],
  ['ful', ''],
  ['ness', ''],
];

const residue =
  /^(.+?)(al|ance|ence|er|ic|able|ible|ant|ement|ment|ent|ou|ism|ate|iti|ous|ive|ize|(?<=[st])ion)$/;

/** Step 1: plurals, -ed and -ing, and y after a vowel's syllable. */
function plainEnd(word: string): string {
  let result = word;
  if (/(ss|i)es$/.test(result)) result = result.slice(0, -2);
  else if (/[^s]s$/.test(result)) result = result.slice(0, -1);
  if (result.endsWith('eed')) {
    if (measureAboveZero.test(result.slice(0, -3))) result = result.slice(0, -1);
  } else {
    const ending = /^(.+?)(ed|ing)$/.exec(result);
    if (ending && hasVowel.test(ending[1]!)) result = restoreEnd(ending[1]!);
  }
  if (result.endsWith('y') && hasVowel.test(result.slice(0, -1))) result = `${result.slice(0, -1)}i`;
  return result;
}

function restoreEnd(root: string): string {
  if (/(at|bl|iz)$/.test(root)) return `${root}e`;
  if (/([^aeiouylsz])\1$/.test(root)) return root.slice(0, -1);
  return endsShort.test(root) ? `${root}e` : root;
}

function stripSuffix(rules: readonly (readonly [string, string])[], word: string): string {
  const rule = rules.find(([suffix]) => word.endsWith(suffix));
  if (!rule) return word;
  const root = word.slice(0, -rule[0].length);
  return measureAboveZero.test(root) ? root + rule[1] : word;
}

/** Step 4: one more suffix where a long root remains. */
function stripResidue(word: string): string {
  const match = residue.exec(word);
  return match && measureAboveOne.test(match[1]!) ? match[1]! : word;
}

/** Step 5: a silent e, and a double l. */
function tidyEnd(word: string): string {
  let result = word;
  if (result.endsWith('e')) {
    const root = result.slice(0, -1);
    if (measureAboveOne.test(root) || (measureOne.test(root) && !endsShort.test(root))) result = root;
  }
  return result.endsWith('ll') && measureAboveOne.test(result) ? result.slice(0, -1) : result;
}
