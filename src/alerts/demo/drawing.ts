import type { Random } from '../../contracts';

/** From the exponential distribution. */
export function exponential(mean: number, random: Random): number {
  return -mean * Math.log(1 - random.next());
}

/** From the log-normal distribution; `spread` is the deviation of the logarithm. */
export function logNormal(median: number, spread: number, random: Random): number {
  return median * Math.exp(spread * random.normal());
}

export function between(least: number, most: number, random: Random): number {
  return least + (most - least) * random.next();
}

export function oneOf<T>(items: readonly T[], random: Random): T {
  return items[random.integer(items.length)]!;
}

/** `count` different items, or all where there are fewer, in random order. */
export function someOf<T>(items: readonly T[], count: number, random: Random): T[] {
  const left = [...items];
  const taken: T[] = [];
  while (taken.length < count && left.length > 0) {
    const place = random.integer(left.length);
    taken.push(left[place]!);
    left[place] = left.at(-1)!;
    left.pop();
  }
  return taken;
}
