import { QuarterdeckError, toTimestamp, type Incident, type QuarantinedRow } from '../../contracts';

/** Rows that no rerun can help: set aside with a reason, so that they neither stop the others nor get lost. */

export const preprocessQuarantineSource = 'preprocess';

export type PoisonReason =
  /** Nothing is left after cleaning. */
  | 'TEXT_EMPTY'
  /** The embedder knows nothing in the text: its vector is zero and has no direction to compare. */
  | 'TEXT_WITHOUT_CONTENT'
  /** The embedding service refuses this text and takes others. */
  | 'TEXT_REJECTED'
  | 'TEXT_TOO_LONG'
  | 'TIME_INVALID'
  | 'VECTOR_NOT_FINITE';

export interface Poisoned {
  readonly incident: Incident;
  readonly reason: PoisonReason;
  readonly detail: string;
}

/** Characters of the row kept for whoever looks into it; the source has all of it. */
const keptCharacters = 4_000;

export function quarantinedRow({ incident, reason, detail }: Poisoned, nowMs: number): QuarantinedRow {
  const shortened = Object.fromEntries(
    Object.entries(incident).map(([name, value]) => [
      name,
      typeof value === 'string' ? value.slice(0, keptCharacters) : value,
    ]),
  );
  return {
    source: preprocessQuarantineSource,
    key: incident.number,
    reasonCode: reason,
    detail,
    rowJson: JSON.stringify(shortened),
    at: toTimestamp(nowMs),
  };
}

/** Rows of a page from which a share says something about the source and not about a row. */
const tellingRows = 20;

/**
 * Holds a run to its share of poisoned rows. One row never fails a run, however few there are beside it.
 * docs/decisions/0041 says why.
 */
export class QuarantineLimit {
  private read = 0;
  private poisoned = 0;

  constructor(private readonly share: number) {}

  /**
   * Counts a page before it is stored.
   * @throws QUARANTINE_LIMIT when most of a page is poisoned: then it is not the rows, and they must be read again.
   */
  take(rows: number, poisoned: readonly Poisoned[]): void {
    this.read += rows;
    this.poisoned += poisoned.length;
    if (rows >= tellingRows && poisoned.length > rows / 2 && this.exceeded) throw this.error(poisoned[0]);
  }

  /** @throws QUARANTINE_LIMIT when the whole run is above its share. */
  check(): void {
    if (this.exceeded) throw this.error();
  }

  private get exceeded(): boolean {
    return this.poisoned > Math.max(1, this.share * this.read);
  }

  private error(first?: Poisoned): QuarterdeckError {
    const example = first === undefined ? '' : `, the first one: ${first.reason}`;
    return new QuarterdeckError(
      'QUARANTINE_LIMIT',
      `${this.poisoned} of ${this.read} rows cannot be processed, allowed is a share of ${this.share}${example}`,
      { culprit: { setting: 'PREPROCESS_QUARANTINE_SHARE', rows: this.poisoned } },
    );
  }
}
