import { z } from 'zod';
import { alertSeveritySchema, QuarterdeckError, type ModelVersion } from '../../contracts';
import type { ModelFile } from '../../registry';
import { alertClusterModelFromBytes, type ClusterProfile } from '../cluster';
import { featureSpaceFromFiles } from '../features';
import type { AlertModel } from './alertModel';
import { alertModelMetadataSchema } from './metadata';

/** Files of a version. */
export const alertModelFiles = {
  clusters: 'model/clusters',
  scaler: 'scaler/standard_scaler',
  pca: 'pca/pca',
  outliers: 'outliers/isolation_forest',
  nameEmbedding: 'features/name_embedding',
  profiles: 'profiles/cluster_profiles.json',
  metadata: 'metadata/model_metadata.json',
  report: 'analysis/training_report.json',
} as const;

const counted = z.object({ name: z.string(), count: z.number().int() });
const profilesSchema = z.array(
  z.object({
    cluster: z.number().int(),
    size: z.number().int(),
    share: z.number(),
    topAlerts: z.array(counted),
    topServices: z.array(counted),
    severities: z.record(alertSeveritySchema, z.number().int()),
    mostCommonAlert: z.string(),
    mostCommonService: z.string().nullable(),
  }),
);

/** @param report how it was chosen and compared, for people */
export function encodeAlertModel(model: AlertModel, report: unknown): ModelFile[] {
  const { scaler, pca, outliers, nameEmbedding } = model.space.toFiles();
  return [
    { path: alertModelFiles.clusters, bytes: model.clusters.toBytes() },
    { path: alertModelFiles.scaler, bytes: scaler },
    { path: alertModelFiles.pca, bytes: pca },
    { path: alertModelFiles.outliers, bytes: outliers },
    ...(nameEmbedding ? [{ path: alertModelFiles.nameEmbedding, bytes: nameEmbedding }] : []),
    { path: alertModelFiles.profiles, bytes: json(model.profiles) },
    { path: alertModelFiles.metadata, bytes: json(model.metadata) },
    { path: alertModelFiles.report, bytes: json(report) },
  ];
}

/** @throws MODEL_CORRUPT, MODEL_BYTES_INVALID */
export function decodeAlertModel(version: ModelVersion, files: ReadonlyMap<string, Uint8Array>): AlertModel {
  const file = (path: string): Uint8Array => {
    const bytes = files.get(path);
    if (bytes) return bytes;
    throw new QuarterdeckError('MODEL_CORRUPT', `${version} has no ${path}`, { culprit: { blob: path } });
  };
  const metadata = readJson(
    alertModelMetadataSchema,
    alertModelFiles.metadata,
    file(alertModelFiles.metadata),
  );
  const profiles: readonly ClusterProfile[] = readJson(
    profilesSchema,
    alertModelFiles.profiles,
    file(alertModelFiles.profiles),
  );
  return {
    version,
    space: featureSpaceFromFiles({
      scaler: file(alertModelFiles.scaler),
      pca: file(alertModelFiles.pca),
      outliers: file(alertModelFiles.outliers),
      nameEmbedding: files.get(alertModelFiles.nameEmbedding),
    }),
    clusters: alertClusterModelFromBytes(metadata.algorithm, file(alertModelFiles.clusters)),
    profiles,
    metadata,
  };
}

function json(value: unknown): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
}

function readJson<T>(schema: z.ZodType<T>, path: string, bytes: Uint8Array): T {
  try {
    return schema.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch (error) {
    throw new QuarterdeckError('MODEL_CORRUPT', `${path} cannot be read`, {
      culprit: { blob: path },
      cause: error,
    });
  }
}
