import { isQuarterdeckError } from '../../contracts';
import type { Matrix } from '../../learn/matrix';
import type { ModelReference } from '../../registry';
import type { RoutedChoice } from '../route/router';
import type { PinnedModel } from './modelServer';
import type { Classified, ServedModel } from './servedModel';
import type { Serving } from './serving';

/** What one request came to, and the rows it was about. */
export interface RoutedResult<T> {
  readonly value: T;
  readonly rows: Matrix;
  readonly classified: Classified;
}

export interface SilentResult {
  readonly model: ServedModel;
  readonly role: 'champion' | 'challenger';
  readonly classified: Classified;
  readonly tookMs: number;
}

export interface Routed<T> {
  readonly value: T;
  /** Who answered. */
  readonly choice: RoutedChoice;
  /** The other model's silent answer, where one was asked for; undefined when it failed or has other features. */
  readonly silent: Promise<SilentResult | undefined>;
}

/** Rows of a request that are scored silently: enough to compare, little to pay. */
const silentRows = 256;
const silentLimitMs = 10_000;

/**
 * Runs `work` with the model that a unit meets. When the challenger fails, for a reason of its own, the champion
 * answers; when a silent one fails, nobody notices but the operators.
 * @throws what `work` throws; MODEL_MISSING without a champion
 */
export async function useRouted<T>(
  serving: Serving,
  choice: RoutedChoice,
  signal: AbortSignal,
  work: (pinned: PinnedModel, choice: RoutedChoice) => Promise<RoutedResult<T>>,
): Promise<Routed<T>> {
  try {
    return await attempt(serving, choice, signal, work);
  } catch (error) {
    if (choice.role === 'champion' || !isOwnFailure(error)) throw error;
    const { model, version } = choice;
    const errorCode = isQuarterdeckError(error) ? error.code : 'INTERNAL';
    serving.platform.telemetry.metric('routing.fallback', 1, { model, version, errorCode });
    serving.platform.telemetry.exception(error, { model, version });
    const champion: RoutedChoice = { ...choice, ...choice.champion, role: 'champion', silent: undefined };
    return attempt(serving, champion, signal, work);
  }
}

/**
 * The choice itself, or the champion's turn when the challenger takes other features: rows that are given in one
 * model's columns cannot be given to the other. Told of, and seen by the check of the split.
 */
export async function withChampionFeatures(
  { server, platform }: Serving,
  choice: RoutedChoice,
  signal: AbortSignal,
): Promise<RoutedChoice> {
  const { champion, role, model, version } = choice;
  if (role === 'champion') return choice;
  try {
    const same = await server.use(champion.model, champion.version, signal, (first) =>
      server.use(model, version, signal, async (second) => sameFeatures(first.model, second.model)),
    );
    if (same) return choice;
  } catch (error) {
    // What keeps a model from being used comes up where it is used.
    if (isOwnFailure(error)) return choice;
    throw error;
  }
  platform.telemetry.metric('routing.fallback', 1, { model, version, errorCode: 'FEATURES_MISMATCH' });
  return { ...choice, ...champion, role: 'champion', silent: undefined };
}

async function attempt<T>(
  serving: Serving,
  choice: RoutedChoice,
  signal: AbortSignal,
  work: (pinned: PinnedModel, choice: RoutedChoice) => Promise<RoutedResult<T>>,
): Promise<Routed<T>> {
  const { server, health, split, platform } = serving;
  const { canary } = choice;
  const arm = choice.role === 'champion' ? 'champion' : 'candidate';
  const startedMs = platform.clock.monotonic();
  try {
    const { result, silent } = await server.use(choice.model, choice.version, signal, async (pinned) => {
      const result = await work(pinned, choice);
      return { result, silent: silently(serving, choice, pinned.model, result) };
    });
    if (canary) health.request(canary, arm, platform.clock.monotonic() - startedMs, false);
    split.record(choice.split, choice.position, choice.role);
    return { value: result.value, choice, silent };
  } catch (error) {
    if (canary && isOwnFailure(error)) {
      health.request(canary, arm, platform.clock.monotonic() - startedMs, true);
    }
    throw error;
  }
}

/** Scores the first rows by the other model too, if it takes the same features. Never rejects. */
async function silently(
  { server, health, platform }: Serving,
  { silent, canary, role }: RoutedChoice,
  answered: ServedModel,
  { rows, classified }: RoutedResult<unknown>,
): Promise<SilentResult | undefined> {
  if (!silent) return undefined;
  const n = Math.min(rows.n, silentRows);
  const part: Matrix = { values: rows.values.subarray(0, n * rows.d), n, d: rows.d };
  const signal = AbortSignal.timeout(silentLimitMs);
  try {
    return await server.use(silent.model, silent.version, signal, async (pinned) => {
      const { model } = pinned;
      if (!sameFeatures(model, answered)) return undefined;
      const startedMs = platform.clock.monotonic();
      const other = await pinned.classify(part, signal);
      if (canary) {
        const own = classified.probabilities.subarray(0, 2 * n);
        if (role === 'champion') health.scores(canary, own, other.probabilities);
        else health.scores(canary, other.probabilities, own);
      }
      const tookMs = platform.clock.monotonic() - startedMs;
      return { model, role: silent.role, classified: other, tookMs };
    });
  } catch (error) {
    const { model, version } = silent satisfies ModelReference;
    platform.telemetry.exception(error, { model, version, silent: true });
    return undefined;
  }
}

export function sameFeatures(a: ServedModel, b: ServedModel): boolean {
  return (
    a.features === b.features ||
    (a.features.length === b.features.length && a.features.every((name, index) => name === b.features[index]))
  );
}

/** The model, or the way to it, is at fault; not the caller and not a caller that went away. */
function isOwnFailure(error: unknown): boolean {
  if (!isQuarterdeckError(error)) return true;
  if (error.code === 'ABORTED' || error.code === 'DEADLINE_EXCEEDED') return false;
  return error.status >= 500 || error.code.startsWith('MODEL_');
}
