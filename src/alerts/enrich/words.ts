/** Words of names as people and systems write them: `CheckoutService`, `cart-redis-0`, `shop/payments`. */

/** Says of a service only that it is one. */
const empty = new Set(['service', 'services', 'svc', 'microservice', 'app', 'application']);
const emptySuffix = /(?:microservice|service|svc)$/;
/** Shorter rests of a word are no name. */
const shortestStem = 3;
/** Beyond this, a value is prose or a dump, not a name. */
const longestValue = 256;
/** Almost all names are plain, and patterns over letters of all scripts cost ten times as much. */
// oxlint-disable-next-line no-control-regex -- the range is that of ASCII.
const plain = /^[\u0000-\u007f]*$/;

/** Words of a name: those between separators, and the parts of those that capitals part. */
export function wordsOf(value: string): string[] {
  const words = new Set<string>();
  for (const { whole, parts } of chunksOf(value)) {
    for (const part of parts) addWord(words, part);
    if (parts.length > 1) addWord(words, whole);
  }
  return [...words];
}

/** The least words that a name is made of: the parts alone. */
export function partsOf(value: string): string[] {
  const words = new Set<string>();
  for (const { parts } of chunksOf(value)) for (const part of parts) addWord(words, part);
  return [...words];
}

interface Chunk {
  readonly whole: string;
  /** One for each capital after a small letter or digit, in lower case. */
  readonly parts: readonly string[];
}

function chunksOf(value: string): Chunk[] {
  const text = bounded(value);
  const isPlain = plain.test(text);
  const chunks = isPlain ? text.match(/[a-z\d]+/gi) : text.normalize('NFKC').match(/[\p{L}\p{N}\p{M}]+/gu);
  const border = isPlain ? /(?<=[a-z\d])(?=[A-Z])/ : /(?<=\p{Ll}|\p{N})(?=\p{Lu})/u;
  return (chunks ?? []).map((chunk) => ({
    whole: chunk.toLowerCase(),
    parts: chunk.split(border).map((part) => part.toLowerCase()),
  }));
}

function addWord(words: Set<string>, word: string): void {
  if (empty.has(word)) return;
  const stem = word.replace(emptySuffix, '');
  words.add(stem.length >= shortestStem ? stem : word);
}

/** One form for names that differ in case and separators alone: `Cart_Redis` and `cart-redis`. */
export function keyOf(value: string): string {
  const text = bounded(value);
  const joined = plain.test(text)
    ? text.toLowerCase().replace(/[^a-z\d]+/g, '-')
    : text
        .normalize('NFKC')
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\p{M}]+/gu, '-');
  return joined.replace(/^-|-$/g, '');
}

function bounded(value: string): string {
  return value.length > longestValue ? value.slice(0, longestValue) : value;
}
