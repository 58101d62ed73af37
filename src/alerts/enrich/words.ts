/** Words of names as people and systems write them: `CheckoutService`, `cart-redis-0`, `shop/payments`. */

/** Says of a service only that it is one. */
const empty = new Set(['service', 'services', 'svc', 'microservice', 'app', 'application']);
const emptySuffix = /(?:microservice|service|svc)$/;
/** Shorter rests of a word are no name. */
const shortestStem = 3;
/** Beyond this, a value is prose or a dump, not a name. */
const longestValue = 256;

export function wordsOf(value: string): string[] {
  const spaced = value
    .slice(0, longestValue)
    .normalize('NFKC')
    .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2')
    .toLowerCase();
  const words = new Set<string>();
  for (const word of spaced.match(/[\p{L}\p{N}\p{M}]+/gu) ?? []) {
    if (empty.has(word)) continue;
    const stem = word.replace(emptySuffix, '');
    words.add(stem.length >= shortestStem ? stem : word);
  }
  return [...words];
}

/** One form for names that differ in case and separators alone: `Cart_Redis` and `cart-redis`. */
export function keyOf(value: string): string {
  return value
    .slice(0, longestValue)
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, '-')
    .replace(/^-|-$/g, '');
}
