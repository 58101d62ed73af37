import type { Random } from '../../contracts';
import { drawUniform, fromSearched, searchedEnds, toSearched } from './searchSpace';
import type { NumericRange, ParameterRange, Parameters, ParameterValue, SearchSpace } from './searchSpace';

/**
 * Tree-structured Parzen estimator (Bergstra, Bardenet, Bengio and Kégl 2011): the trials so far are split into the
 * better and the others, each is turned into a density, and of some draws from the better's density the one is tried
 * whose ratio to the others' is highest. Parameters are taken as independent.
 */

export interface ScoredTrial {
  readonly parameters: Parameters;
  /** Higher is better. */
  readonly score: number;
}

/** Trials drawn blindly before the densities mean anything. */
export const blindTrials = 8;
const betterShare = 0.25;
const drawsPerParameter = 24;

export function proposeByDensity(
  space: SearchSpace,
  trials: readonly ScoredTrial[],
  random: Random,
): Parameters {
  const ranked = [...trials].sort((a, b) => b.score - a.score);
  const betterCount = Math.max(1, Math.ceil(betterShare * ranked.length));
  const better = ranked.slice(0, betterCount);
  const others = ranked.slice(betterCount);
  return Object.fromEntries(
    Object.entries(space).map(([name, range]) => {
      const seen = (of: readonly ScoredTrial[]): ParameterValue[] =>
        of.map(({ parameters }) => parameters[name]!);
      return [name, proposeOne(range, seen(better), seen(others), random.fork(name))];
    }),
  );
}

function proposeOne(
  range: ParameterRange,
  better: readonly ParameterValue[],
  others: readonly ParameterValue[],
  random: Random,
): ParameterValue {
  let best: ParameterValue | undefined;
  let bestRatio = -Infinity;
  for (let draw = 0; draw < drawsPerParameter; draw++) {
    const value = drawFrom(range, better, random);
    const ratio = logDensity(range, better, value) - logDensity(range, others, value);
    if (ratio > bestRatio) {
      bestRatio = ratio;
      best = value;
    }
  }
  return best!;
}

/** One of the seen values with its bandwidth, or the prior, each as likely. */
function drawFrom(range: ParameterRange, seen: readonly ParameterValue[], random: Random): ParameterValue {
  const which = random.integer(seen.length + 1);
  if (which === seen.length) return drawUniform(range, random);
  const centre = seen[which]!;
  if (range.kind === 'choice') return centre;
  const [from, to] = searchedEnds(range);
  const width = bandwidth(from, to, seen.length);
  const searched = toSearched(range, Number(centre)) + width * random.normal();
  return fromSearched(range, Math.min(to, Math.max(from, searched)));
}

function logDensity(range: ParameterRange, seen: readonly ParameterValue[], value: ParameterValue): number {
  if (range.kind === 'choice') {
    const same = seen.filter((other) => other === value).length;
    return Math.log((same + 1) / (seen.length + range.values.length));
  }
  return Math.log(numericDensity(range, seen.map(Number), Number(value)));
}

function numericDensity(range: NumericRange, seen: readonly number[], value: number): number {
  const [from, to] = searchedEnds(range);
  if (to === from) return 1;
  const width = bandwidth(from, to, seen.length);
  const at = toSearched(range, value);
  let density = 1 / (to - from);
  for (const other of seen) {
    const deviation = (at - toSearched(range, other)) / width;
    density += Math.exp(-0.5 * deviation * deviation) / (width * Math.sqrt(2 * Math.PI));
  }
  return density / (seen.length + 1);
}

/** Narrows as trials come in, as Scott's rule does for one dimension. */
function bandwidth(from: number, to: number, count: number): number {
  return (0.5 * (to - from)) / Math.max(1, count) ** 0.4;
}
