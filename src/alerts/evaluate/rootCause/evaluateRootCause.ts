import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { QuarterdeckError } from '../../../contracts';
import { checkAborted, type RunControl } from '../../../learn/run';
import {
  metricAnomalies,
  rootMethods,
  type MetricAnomalies,
  type RootMethodName,
  type Symptoms,
} from '../../rank';
import { byInterquartileRanges, bySigmas, traversalByDeviation, type RankedNode } from './baselines';
import type { FaultCase, FaultData } from './faultCase';
import { readOnlineBoutique, type History } from './onlineBoutique';
import { readPetshop } from './petshop';
import { publishedFigures, type PublishedFigure } from './publishedFigures';

/** Share of faults whose root was named first, and among the first three. */
export interface HitRates {
  readonly top1: number;
  readonly top3: number;
}

export interface KindFigures {
  readonly kind: string;
  readonly faults: number;
  readonly methods: Readonly<Record<string, HitRates>>;
  readonly published: readonly PublishedFigure[];
}

export interface RootCauseEvaluation {
  readonly dataSet: FaultData['dataSet'];
  readonly faults: number;
  readonly kinds: readonly KindFigures[];
  readonly overall: KindFigures;
  /** Faults whose root quarterdeck did not name first. */
  readonly missed: readonly {
    readonly fault: string;
    readonly root: string;
    /** From 1; null when the root is not among those named. */
    readonly place: number | null;
    readonly first: string;
  }[];
  readonly notes: readonly string[];
}

type Method = (fault: FaultCase, anomalies: MetricAnomalies) => readonly RankedNode[];

const byRanking = (name: RootMethodName): Method => {
  return ({ alerting, index }, anomalies) => rootMethods[name](symptomsOf(alerting), index, anomalies);
};

const methods: Readonly<Record<string, Method>> = {
  quarterdeck: byRanking('quarterdeck'),
  'graph traversal + MAD': traversalByDeviation,
  'n-sigma': bySigmas,
  'robust scorer (IQR)': byInterquartileRanges,
  'graph traversal': byRanking('graph traversal'),
  'random walk': byRanking('random walk'),
  'most upstream': byRanking('most upstream'),
  'highest severity': byRanking('highest severity'),
};

/**
 * Names the roots of injected faults from metrics and graph alone, by the ranking that alert groups get and by simple
 * methods, and counts how often the true one comes first or among the first three. No label is read before.
 * @throws NOT_FOUND when the folder holds neither data set; FILE_MALFORMED
 */
export function evaluateRootCause(
  folder: string,
  options: { readonly history?: History } = {},
  control?: RunControl,
): RootCauseEvaluation {
  return evaluateFaults(readFaults(folder, options.history ?? 'faultless'), control);
}

/** The same for faults that are read already. */
export function evaluateFaults(
  { dataSet, cases, notes }: FaultData,
  control?: RunControl,
): RootCauseEvaluation {
  const places = cases.map((fault, done) => {
    checkAborted(control);
    control?.onProgress?.({ stage: fault.name, done, total: cases.length });
    const anomalies = metricAnomalies(fault.metrics);
    return Object.fromEntries(
      Object.entries(methods).map(([name, method]) => [name, placeOf(fault, method(fault, anomalies))]),
    );
  });
  const kinds = [...new Set(cases.map(({ kind }) => kind))].sort();
  const figures = (kind: string | null): KindFigures => {
    const chosen = places.filter((_, position) => kind === null || cases[position]!.kind === kind);
    return {
      kind: kind ?? 'all',
      faults: chosen.length,
      methods: Object.fromEntries(
        Object.keys(methods).map((name) => [name, hitRates(chosen.map((one) => one[name]!.place))]),
      ),
      published: publishedFigures.filter(
        (figure) => figure.dataSet === dataSet && figure.kind === (kind ?? 'all'),
      ),
    };
  };
  return {
    dataSet,
    faults: cases.length,
    kinds: kinds.map(figures),
    overall: figures(null),
    missed: cases.flatMap((fault, position) => {
      const { place, first } = places[position]!['quarterdeck']!;
      return place === 1
        ? []
        : [
            {
              fault: fault.name,
              root: idOf(fault, fault.root),
              place: Number.isFinite(place) ? place : null,
              first,
            },
          ];
    }),
    notes,
  };
}

function readFaults(folder: string, history: History): FaultData {
  if (existsSync(join(folder, 'rca_data'))) return readOnlineBoutique(folder, history);
  if (existsSync(join(folder, 'low_traffic')) || existsSync(join(folder, 'high_traffic')))
    return readPetshop(folder);
  throw new QuarterdeckError(
    'NOT_FOUND',
    `${folder} holds no faults: neither rca_data (Online Boutique) nor low_traffic or high_traffic (PetShop)`,
    { culprit: { folder } },
  );
}

/** The alert that a fault raised, where the data set names one. */
function symptomsOf(alerting: number | null): Symptoms {
  if (alerting === null) return { nodes: [], firstSeenMs: [], weight: [] };
  return { nodes: [alerting], firstSeenMs: [Number.NaN], weight: [1] };
}

/** Place of the true root, from 1; Infinity when it is not named. */
function placeOf(fault: FaultCase, named: readonly RankedNode[]): { place: number; first: string } {
  const possible = named.filter(({ node }) => fault.candidates?.has(node) ?? true);
  const place = possible.findIndex(({ node }) => node === fault.root) + 1;
  return { place: place === 0 ? Infinity : place, first: possible[0] ? idOf(fault, possible[0].node) : '' };
}

function hitRates(places: readonly number[]): HitRates {
  const share = (most: number): number =>
    places.filter((place) => place <= most).length / Math.max(places.length, 1);
  return { top1: share(1), top3: share(3) };
}

function idOf({ index }: FaultCase, node: number): string {
  return index.graph.nodes[node]!.id;
}
