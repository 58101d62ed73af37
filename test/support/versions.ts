import type { ModelVersion } from '../../src/contracts';
import type { Platform } from '../../src/platform/platform';
import { publishVersion, type NewVersion } from '../../src/registry';

const encode = (text: string) => new TextEncoder().encode(text);

/** A small model for the registry's tests: two files, whose content names the version. */
export function newVersion(scope: string, content: string, fields: Partial<NewVersion> = {}): NewVersion {
  return {
    scope,
    year: 2026,
    quarter: 'q3',
    files: [
      { path: 'clustering/hdbscan_clusterer', bytes: encode(`clusterer ${content}`) },
      { path: 'analysis/labeled_clusters.json', bytes: encode(`{"content":"${content}"}`) },
    ],
    parameters: { minClusterSize: 10 },
    seed: 42,
    dataWindow: { from: '2026-07-01T00:00:00.000000Z', to: '2026-10-01T00:00:00.000000Z', rows: 100 },
    metrics: { dbcv: 0.5, silhouette: null },
    embeddingModel: 'local/2026/q3/r1',
    ...fields,
  };
}

export function publish(
  platform: Pick<Platform, 'blobs' | 'clock' | 'newId'>,
  scope: string,
  content: string,
  fields: Partial<NewVersion> = {},
): Promise<ModelVersion> {
  return publishVersion(platform, newVersion(scope, content, fields), AbortSignal.timeout(60_000));
}
