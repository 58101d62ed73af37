import { z } from 'zod';
import { modelVersionSchema } from '../../contracts';
import { clusterAlgorithms } from '../cluster';

/** What people and other programs read of a version without loading it. */
export const alertModelMetadataSchema = z.object({
  version: modelVersionSchema,
  algorithm: z.enum(clusterAlgorithms),
  parameters: z.record(z.string(), z.number()),
  n_clusters: z.number().int(),
  /** Mean silhouette of the alerts that have a cluster. */
  silhouette_score: z.number(),
  /** Bootstrap interval of the mean silhouette, alerts without a cluster counted as 0. */
  silhouette_interval: z.object({ estimate: z.number(), lower: z.number(), upper: z.number() }),
  /** Share of the alerts that have no cluster. */
  noise_share: z.number(),
  /** Alerts it was fitted on; held-out ones and outliers are not among them. */
  n_samples: z.number().int(),
  n_outliers: z.number().int(),
  n_held_out: z.number().int(),
  timestamp: z.string(),
  feature_count: z.number().int(),
  feature_names: z.array(z.string()),
  pca_components: z.number().int(),
  explained_variance: z.number(),
  seed: z.number().int(),
});
export type AlertModelMetadata = z.infer<typeof alertModelMetadataSchema>;
