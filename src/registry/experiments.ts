import { anomalyModelNames, isQuarterdeckError, type AnomalyModelName, type Manifest } from '../contracts';
import type { Platform } from '../platform/platform';
import { readAliases, sameReference, type AliasName } from './aliases';
import { anomalyScope } from './paths';
import { listVersions, readManifest, readPointer } from './versions';

/** One version of an anomaly model as the comparison table shows it: what it was made from and how it did. */
export interface Experiment {
  readonly model: AnomalyModelName;
  readonly version: string;
  readonly createdAt: string;
  readonly aliases: readonly AliasName[];
  /** It is what the model's own pointer names. */
  readonly current: boolean;
  readonly promoted: boolean;
  readonly withdrawn: boolean;
  readonly metrics: Manifest['metrics'];
  readonly parameters: Manifest['parameters'];
  readonly seed: number;
  readonly dataWindow: Manifest['dataWindow'];
  readonly codeVersion: string;
}

const readsAtOnce = 8;
const aliasNames = ['champion', 'challenger', 'previous'] as const;

/** Versions of all anomaly models, newest first; a damaged manifest is told of and left out. */
export async function listExperiments(
  platform: Pick<Platform, 'blobs' | 'telemetry'>,
  { limit }: { readonly limit: number },
  signal: AbortSignal,
): Promise<Experiment[]> {
  const aliases = (await readAliases(platform, signal))?.aliases;
  const found = await Promise.all(
    anomalyModelNames.map(async (model) => {
      const scope = anomalyScope(model);
      const [entries, pointer] = await Promise.all([
        listVersions(platform, scope, signal),
        readPointer(platform, scope, signal),
      ]);
      const newest = entries.slice(-limit).toReversed();
      return newest.map((entry) => ({
        ...entry,
        model,
        current: pointer?.pointer.version === entry.version,
      }));
    }),
  );
  const entries = found.flat();
  const experiments: Experiment[] = [];
  let next = 0;
  const reader = async (): Promise<void> => {
    while (next < entries.length) {
      const { model, version, current, promoted, withdrawn } = entries[next++]!;
      const manifest = await manifestIfWhole(platform, model, version, signal);
      if (!manifest) continue;
      const { createdAt, metrics, parameters, seed, dataWindow, codeVersion } = manifest;
      const named = aliasNames.filter((alias) => sameReference(aliases?.[alias] ?? null, { model, version }));
      experiments.push({
        model,
        version,
        current,
        promoted,
        withdrawn,
        aliases: named,
        createdAt,
        metrics,
        parameters,
        seed,
        dataWindow,
        codeVersion,
      });
    }
  };
  await Promise.all(Array.from({ length: Math.min(readsAtOnce, entries.length) }, reader));
  return experiments
    .sort((a, b) => (a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : 0))
    .slice(0, limit);
}

async function manifestIfWhole(
  platform: Pick<Platform, 'blobs' | 'telemetry'>,
  model: AnomalyModelName,
  version: string,
  signal: AbortSignal,
): Promise<Manifest | undefined> {
  try {
    return await readManifest(platform, anomalyScope(model), version, signal);
  } catch (error) {
    if (!isQuarterdeckError(error, 'MODEL_CORRUPT')) throw error;
    platform.telemetry.exception(error, { model, version });
    return undefined;
  }
}
