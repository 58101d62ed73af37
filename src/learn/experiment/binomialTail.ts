/**
 * Probability of `successes` or more in `trials` draws of probability `p`: the terms of the tail, each from the one before.
 * @param successes in [0, trials]
 */
export function binomialTail(successes: number, trials: number, p: number): number {
  if (successes <= 0 || p >= 1) return 1;
  if (p <= 0) return 0;
  let logTerm = successes * Math.log(p) + (trials - successes) * Math.log1p(-p);
  for (let index = 1; index <= successes; index++) {
    logTerm += Math.log((trials - successes + index) / index);
  }
  let term = Math.exp(logTerm);
  let sum = 0;
  for (let count = successes; count <= trials; count++) {
    sum += term;
    term *= ((trials - count) / (count + 1)) * (p / (1 - p));
  }
  return Math.min(1, sum);
}
