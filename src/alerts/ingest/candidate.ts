import type { Alert } from '../../contracts';

/** What a file or a webhook says of one firing, before it is checked. Values are as the sender wrote them. */
export interface AlertCandidate {
  readonly source: string;
  /** Whose words the severity is in, where the source was given another name. */
  readonly vocabulary?: string;
  /** The sender's own id of this firing, when it has one. */
  readonly id?: unknown;
  /** The sender's own key of the condition, the same for every firing of it. */
  readonly fingerprint?: unknown;
  readonly name: unknown;
  readonly service?: unknown;
  readonly resource?: unknown;
  readonly severity?: unknown;
  readonly status?: unknown;
  readonly startsAt?: unknown;
  readonly endsAt?: unknown;
  /** When the sender says this: of a webhook the time of the event. */
  readonly saidAt?: unknown;
  readonly description?: unknown;
  /** Labels that tell one condition from another: they are part of a fingerprint that we make. */
  readonly labels?: readonly (readonly [string, string])[];
  /** Kept among the labels, but no part of a fingerprint: values, links, numbers of tickets. */
  readonly attributes?: readonly (readonly [string, string])[];
}

/** Why something is not stored as an alert. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly message: string;
}

export type RefusalCode =
  | 'RECORD_MALFORMED'
  | 'RECORD_TOO_LARGE'
  | 'NAME_MISSING'
  | 'FIELD_INVALID'
  | 'LABELS_INVALID'
  | 'TIME_MISSING'
  | 'TIME_INVALID'
  | 'TIME_OUT_OF_RANGE'
  | 'END_BEFORE_START'
  | 'SUBSCRIPTION_UNCONFIRMED';

/**
 * One thing found in a batch: a candidate, why there is none, or that it says nothing of an alert. `index` is its
 * position in the batch, from 0.
 */
export type Decoded =
  | { readonly index: number; readonly ignored: string; readonly excerpt: () => string }
  | { readonly index: number; readonly candidate: AlertCandidate; readonly excerpt: () => string }
  | { readonly index: number; readonly refusal: Refusal; readonly excerpt: () => string };

/** What was odd about an alert that was taken nevertheless: counted, and told in reports. */
export interface AlertOddities {
  /** Times without a zone, read in the zone of the settings. */
  readonly zonelessTimes: number;
  /** The sender's severity, when nobody knows the word. */
  readonly unknownSeverity: string | undefined;
  /** The sender's state, likewise: it is taken to fire unless it has an end. */
  readonly unknownStatus: string | undefined;
  /** Labels over the limit, left to the raw record. */
  readonly labelsCut: number;
}

export interface CheckedAlert {
  readonly alert: Alert;
  /**
   * The sender names neither the firing nor when it began: `startsAt` is when it spoke. An end belongs to whatever
   * firing of the fingerprint is open (`pairFirings`).
   */
  readonly startUnknown: boolean;
  /** The id is the sender's. */
  readonly idGiven: boolean;
  readonly saidAt: string;
  readonly oddities: AlertOddities;
}

/** Longest excerpt of a record that is kept beside the reason why it was set aside. */
const excerptCharacters = 2_000;

export function excerptOf(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.length > excerptCharacters ? `${text.slice(0, excerptCharacters)}…` : text;
}
