import { stoppedError, type Clock, type Random } from '../../contracts';
import { breathe, checkAborted, type RunControl } from '../run';
import { invalidOption } from './folds';
import { checkSpace, drawUniform, type Parameters, type SearchSpace } from './searchSpace';
import { blindTrials, proposeByDensity, type ScoredTrial } from './treeParzen';

export interface SearchOptions {
  readonly method: 'random' | 'tpe';
  /** Most trials. */
  readonly trials: number;
  /** No trial starts once this has passed, in milliseconds on `clock`; the first always runs. */
  readonly timeBudgetMs: number;
  readonly clock: Pick<Clock, 'monotonic'>;
  /** Tried first, usually what is used today. */
  readonly first?: readonly Parameters[];
}

export interface SearchResult {
  /** Undefined when no trial could be judged. */
  readonly best: ScoredTrial | undefined;
  /** In the order in which they ran; null for a trial that could not be judged. */
  readonly trials: readonly { readonly parameters: Parameters; readonly score: number | null }[];
  readonly stoppedBy: 'trials' | 'time';
}

/**
 * Looks for parameters with a high score, within a number of trials and a time. The same seed tries the same
 * parameters in the same order; time decides only how many.
 * @param objective the score of some parameters, higher is better; null when they cannot be judged.
 * @throws PARAMETER_INVALID, what the objective throws, ABORTED.
 */
export async function searchParameters(
  space: SearchSpace,
  objective: (parameters: Parameters, trial: number) => Promise<number | null>,
  options: SearchOptions,
  random: Random,
  run?: RunControl,
): Promise<SearchResult> {
  checkSpace(space);
  const { method, trials: most, timeBudgetMs, clock, first = [] } = options;
  if (!Number.isInteger(most) || most < 1)
    throw invalidOption('trials', most, 'a whole number of at least 1');
  if (!(timeBudgetMs >= 0)) throw invalidOption('timeBudgetMs', timeBudgetMs, 'a time of at least 0');
  checkAborted(run);
  const started = clock.monotonic();
  const scored: ScoredTrial[] = [];
  const trials: { parameters: Parameters; score: number | null }[] = [];
  while (trials.length < most) {
    if (trials.length > 0 && clock.monotonic() - started >= timeBudgetMs) {
      return { best: bestOf(scored), trials, stoppedBy: 'time' };
    }
    const draws = random.fork(`trial ${trials.length}`);
    const parameters =
      first[trials.length] ??
      (method === 'tpe' && scored.length >= blindTrials
        ? proposeByDensity(space, scored, draws)
        : drawBlindly(space, draws));
    const score = await objective(parameters, trials.length);
    if (run?.signal?.aborted) throw stoppedError(run.signal);
    const judged = score !== null && Number.isFinite(score) ? score : null;
    trials.push({ parameters, score: judged });
    if (judged !== null) scored.push({ parameters, score: judged });
    run?.onProgress?.({ stage: 'trials', done: trials.length, total: most });
    await breathe(run);
  }
  return { best: bestOf(scored), trials, stoppedBy: 'trials' };
}

function drawBlindly(space: SearchSpace, random: Random): Parameters {
  return Object.fromEntries(
    Object.entries(space).map(([name, range]) => [name, drawUniform(range, random.fork(name))]),
  );
}

/** Of equal scores the one that came first. */
function bestOf(scored: readonly ScoredTrial[]): ScoredTrial | undefined {
  return scored.reduce<ScoredTrial | undefined>(
    (best, trial) => (best === undefined || trial.score > best.score ? trial : best),
    undefined,
  );
}
