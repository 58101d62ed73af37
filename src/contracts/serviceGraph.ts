/** Which service needs which: the graph that alert storms spread over. */

export interface ServiceNode {
  readonly id: string;
  /** As people call it; the id where nothing else was given. */
  readonly name: string;
  /** `service`, `database`, `queue`, …; null when not given. */
  readonly type: string | null;
  /** 0 or 1 is closest to the customer; null when not given. */
  readonly tier: number | null;
  readonly team: string | null;
  /** How much depends on it for the business, in [0, 1]; null when not given. */
  readonly criticality: number | null;
  /** Other names under which alerts know it. */
  readonly aliases: readonly string[];
}

/** `source` depends on `target`: trouble of the target reaches the source. */
export interface ServiceEdge {
  readonly source: string;
  readonly target: string;
  readonly kind: string | null;
  /** How strongly, above 0; 1 when not given. */
  readonly weight: number;
}

/**
 * A graph that was read and checked: ids are unique, edges end at nodes, no edge is doubled or a loop. What had to be
 * left out is told by the reader. *Upstream* of a service is what it depends on, where causes lie; *downstream* is
 * what depends on it, where symptoms show.
 */
export interface ServiceGraph {
  /** Digest of nodes and edges in lexical order: the same graph has the same version. */
  readonly version: string;
  readonly nodes: readonly ServiceNode[];
  readonly edges: readonly ServiceEdge[];
}
