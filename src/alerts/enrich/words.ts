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

export function wordsOf(value: string): string[] {
  const text = bounded(value);
  const found = plain.test(text)
    ? text
        .replace(/([a-z\d])([A-Z])/g, '$1 $2')
        .toLowerCase()
        .match(/[a-z\d]+/g)
    : text
        .normalize('NFKC')
        .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2')
        .toLowerCase()
        .match(/[\p{L}\p{N}\p{M}]+/gu);
  const words = new Set<string>();
  for (const word of found ?? []) {
    if (empty.has(word)) continue;
    const stem = word.replace(emptySuffix, '');
    words.add(stem.length >= shortestStem ? stem : word);
  }
  return [...words];
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
