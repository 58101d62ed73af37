import type { EnrichedAlert } from '../enrich';

/** What ranking reads of the other steps' results: less than they hold. */

export type PlacedAlert = Pick<EnrichedAlert, 'alert' | 'node'>;

export interface GroupedAlerts {
  /** Group of each alert, 0 … groups − 1. */
  readonly group: Int32Array;
  readonly groups: number;
}

/** A deployment or another change of a service, as evidence. */
export interface ServiceChange {
  readonly service: string;
  readonly at: string;
  readonly summary: string;
}
