import type { BusinessHours, Timestamp } from '../../contracts';
import type { Matrix } from '../../learn/matrix';
import type { RunControl } from '../../learn/run';
import { clusterProfiles, type AlertPlacements, type ClusterProfile } from '../cluster';
import type { EnrichedAlert } from '../enrich';
import { alertFeatures, type AlertFeatures, type FeatureSpace } from '../features';
import type { GraphIndex } from '../graph/graphIndex';

/** What the clustering model is asked for: `AlertModel`, as far as a run reads it. */
export interface KindModel {
  readonly space: Pick<FeatureSpace, 'transform' | 'outliersAmong' | 'nameEmbedding'>;
  readonly clusters: { predict(rows: Matrix): AlertPlacements };
}

/** How alerts are described by features. */
export interface DescriptionSettings {
  /** IANA name. */
  readonly timeZone: string;
  readonly businessHours: BusinessHours;
  readonly lookBackMinutes: number;
  readonly windowMinutes: number;
  /** Without one, alerts are described and have no kind. */
  readonly model?: KindModel | undefined;
}

export interface PlacedKinds {
  /** Per alert; −1 where it resembles none. */
  readonly cluster: Int32Array;
  /** In [0, 1]; 0 where the cluster is −1. */
  readonly confidence: Float32Array;
  /** 1 for an alert unlike all others. */
  readonly outlier: Uint8Array;
  /** Of the alerts of this run; what resembles no kind is not among them. */
  readonly profiles: readonly ClusterProfile[];
}

/** Features of grouped alerts, and their kinds where there is a model. Kinds describe groups and decide none. */
export async function describeAlerts(
  {
    enriched,
    groups,
    index,
    now,
  }: {
    readonly enriched: readonly EnrichedAlert[];
    readonly groups: Int32Array;
    readonly index: GraphIndex;
    readonly now: Timestamp;
  },
  { model, ...settings }: DescriptionSettings,
  control: RunControl,
): Promise<{ features: AlertFeatures; kinds: PlacedKinds | undefined }> {
  const nameEmbedding = model?.space.nameEmbedding;
  const features = await alertFeatures(
    { enriched, index, groups, now, ...settings, ...(nameEmbedding && { nameEmbedding }) },
    control,
  );
  if (!model || enriched.length === 0) return { features, kinds: undefined };
  const { cluster, confidence } = model.clusters.predict(model.space.transform(features.rows));
  const { nodes } = index.graph;
  const profiled = enriched.map(({ alert, node }) => ({
    name: alert.name,
    severity: alert.severity,
    service: node < 0 ? alert.service : nodes[node]!.id,
  }));
  return {
    features,
    kinds: {
      cluster,
      confidence,
      outlier: model.space.outliersAmong(features.rows),
      profiles: clusterProfiles(profiled, cluster).filter((profile) => profile.cluster >= 0),
    },
  };
}

/** A short name for a kind: what its alerts mostly are. */
export function kindLabel({ topAlerts }: ClusterProfile): string {
  return topAlerts
    .slice(0, 2)
    .map(({ name }) => name)
    .join(', ');
}
