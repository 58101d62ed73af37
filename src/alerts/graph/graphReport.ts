/** What a graph had to be corrected for. Lists show the first; the numbers count all. */

/** Entries that a report lists of each kind. */
const shown = 100;

export class Findings<T> {
  readonly first: T[] = [];
  total = 0;

  add(entry: T): void {
    this.total++;
    if (this.first.length < shown) this.first.push(entry);
  }

  take(): Listed<T> {
    return { total: this.total, first: this.first };
  }
}

export interface Listed<T> {
  readonly total: number;
  readonly first: readonly T[];
}

export interface EdgeEnds {
  readonly source: string;
  readonly target: string;
}

export interface ServiceGraphReport {
  readonly nodes: number;
  readonly edges: number;
  /** Left out: an end is no node. */
  readonly danglingEdges: Listed<EdgeEnds>;
  /** Ids given more than once: one node, the first word on each property stays. */
  readonly duplicateNodes: Listed<string>;
  /** Left out: nothing depends on itself. */
  readonly selfLoops: Listed<string>;
  /** Made one, with the greatest weight. */
  readonly duplicateEdges: Listed<EdgeEnds>;
  /** Services that depend on each other, by id; kept as they are. Nothing upstream or downstream is counted twice. */
  readonly cycles: Listed<readonly string[]>;
  /** Left out: no id or name, or of a wrong type; by position. */
  readonly invalidNodes: Listed<{ readonly index: number; readonly problem: string }>;
  /** Left out likewise. */
  readonly invalidEdges: Listed<{ readonly index: number; readonly problem: string }>;
  /** Taken as not given: a tier, criticality or weight that is none. */
  readonly invalidValues: Listed<{ readonly where: string; readonly problem: string }>;
  /** Ends of edges that were no id but the name or alias of one node. */
  readonly endsByName: number;
  /** End of the scale that criticality was given on; 1 when it was a share or a word. */
  readonly criticalityScale: number;
}
