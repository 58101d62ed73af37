import { createHash } from 'node:crypto';
import { shiftTimestamp, type StoredAlert, type Timestamp } from '../../contracts';
import type { Platform } from '../../platform/platform';
import type { Decoded } from './candidate';
import { checkAlert, isRefusal, isUndated } from './checkAlert';
import { pairingDays, webhookContext } from './storeAlerts';

/**
 * Alerts that carry no time at all: the same words may be a repetition or the next firing of their condition, and
 * only what became of the condition in the meantime tells which.
 */

/** Senders repeat a lost answer within minutes. */
export const repetitionMs = 300_000;
/** Limit of reading what is known of the conditions. */
const readLimitMs = 20_000;
/** Conditions that are asked for at a time. */
const conditionsPerRead = 10_000;

/**
 * Where the conditions of a body's undated alerts stand, as a digest. Storing the body leaves it as it is, and so does
 * storing it again; the opposite message changes it: after a resolution the same `firing` finds another digest, after
 * the next firing the same `resolved` does.
 * @returns undefined when no alert of the body is undated.
 */
export async function standingOf(
  platform: Platform,
  entries: Iterable<Decoded>,
  arrivedAt: Timestamp,
  signal: AbortSignal,
): Promise<string | undefined> {
  const conditions = conditionsOf(platform, entries, arrivedAt);
  if (!conditions) return undefined;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(readLimitMs)]);
  const from = shiftTimestamp(arrivedAt, -pairingDays * 86_400_000);
  const hash = createHash('sha256');
  const fingerprints = [...conditions.keys()].sort();
  for (let first = 0; first < fingerprints.length; first += conditionsPerRead) {
    const part = fingerprints.slice(first, first + conditionsPerRead);
    const latest = latestOf(await platform.warehouse.firingsOf({ fingerprints: part, from }, limit));
    for (const fingerprint of part) {
      const { end = '', start = '' } = latest.get(fingerprint) ?? {};
      const { fires, over } = conditions.get(fingerprint)!;
      hash.update(JSON.stringify([fingerprint, fires && end, over && start]));
    }
  }
  return hash.digest('hex');
}

interface Told {
  readonly fires: boolean;
  readonly over: boolean;
}

/** What the body says of each condition; undefined when every alert has a time of its own. */
function conditionsOf(
  platform: Platform,
  entries: Iterable<Decoded>,
  arrivedAt: Timestamp,
): ReadonlyMap<string, Told> | undefined {
  const context = webhookContext(platform.settings, arrivedAt);
  const conditions = new Map<string, Told>();
  for (const entry of entries) {
    if (!('candidate' in entry) || !isUndated(entry.candidate)) continue;
    const checked = checkAlert(entry.candidate, context);
    if (isRefusal(checked)) continue;
    const { fingerprint, status } = checked.alert;
    const told = conditions.get(fingerprint);
    const isOver = status === 'resolved';
    conditions.set(fingerprint, {
      fires: !isOver || told?.fires === true,
      over: isOver || told?.over === true,
    });
  }
  return conditions.size === 0 ? undefined : conditions;
}

interface Latest {
  readonly end: string;
  readonly start: string;
}

/** Of each condition the latest end and the latest start; empty text for none. */
function latestOf(firings: readonly StoredAlert[]): ReadonlyMap<string, Latest> {
  const latest = new Map<string, Latest>();
  for (const { fingerprint, startsAt, endsAt } of firings) {
    const { end, start } = latest.get(fingerprint) ?? { end: '', start: '' };
    latest.set(fingerprint, {
      end: endsAt !== null && endsAt > end ? endsAt : end,
      // An end that waits for its beginning lasts no time, and is no beginning.
      start: endsAt !== startsAt && startsAt > start ? startsAt : start,
    });
  }
  return latest;
}
