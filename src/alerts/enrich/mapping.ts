import type { Alert } from '../../contracts';

/** How an alert found its service: by a key of its own, by another name of the service, by words, or not at all. */
export const mappingMethods = ['exact', 'alias', 'scored', 'none'] as const;
export type MappingMethod = (typeof mappingMethods)[number];

export interface Mapping {
  readonly method: MappingMethod;
  /** In [0, 1]; 0 when unmapped. */
  readonly confidence: number;
  /** Points of the words in common; of the best guess when unmapped; 0 where words were not asked. */
  readonly score: number;
  /** How it was reached, for people. */
  readonly matched: string;
}

export interface EnrichedAlert {
  readonly alert: Alert;
  /** Number of the service in the graph; −1 when unmapped. */
  readonly node: number;
  readonly mapping: Mapping;
}

/** A mapping and the service it leads to. */
export interface MappedNode {
  readonly node: number;
  readonly mapping: Mapping;
}

export const unmappedNode = -1;
