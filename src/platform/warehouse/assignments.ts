import type { Parameters } from './parameters';

/** What columns of a row that is stored already become when another row with its key is merged. */
export interface Assignments {
  /** Expression over `stored` and `staged`; undefined for what was staged. */
  of(column: string): string | undefined;
  /** What the expressions name. */
  readonly parameters: Parameters;
}
