import {
  anomalyModelNames,
  anomalyModelNameSchema,
  featuresTensor,
  isQuarterdeckError,
  labelTensor,
  probabilitiesTensor,
  QuarterdeckError,
  routedModelName,
  type AnomalyModelName,
  type ModelMetadata,
  type ModelStatisticsDocument,
  type ModelVersion,
  type RepositoryModel,
} from '../../../contracts';
import { anomalyScope, listVersions } from '../../../registry';
import { ModelStatistics } from '../modelStatistics';
import type { ServedModel } from '../servedModel';
import type { Serving } from '../serving';
import { unknownModel } from './protocolRequest';
import { versionName } from './versionName';

/** What the server says about its models: metadata, readiness, the repository's index, statistics. */

/** `<project>_<format>`, as the protocol names platforms. */
const onnxPlatform = 'onnx_onnxv1';

/** @throws NOT_FOUND, MODEL_MISSING, MODEL_CORRUPT */
export async function modelMetadata(
  serving: Serving,
  name: string,
  version: ModelVersion | undefined,
  signal: AbortSignal,
): Promise<ModelMetadata> {
  if (name === routedModelName) {
    refuseVersion(version);
    const [champion] = await serving.router.models();
    const { model, version: served } = champion!;
    return serving.server.use(model, served, signal, async (pinned) =>
      describe(name, undefined, pinned.model),
    );
  }
  const known = knownName(name);
  const scope = anomalyScope(known);
  const versions = await listVersions(serving.platform, scope, signal);
  if (version === undefined) await serving.server.refresh(known, signal);
  return serving.server.use(known, version, signal, async (pinned) =>
    describe(
      name,
      versions.map((entry) => versionName(entry.version)),
      pinned.model,
    ),
  );
}

function describe(name: string, versions: readonly string[] | undefined, model: ServedModel): ModelMetadata {
  const { features, featureSet, threshold } = model;
  return {
    name,
    ...(versions && { versions }),
    platform: onnxPlatform,
    inputs: [{ name: featuresTensor, datatype: 'FP32', shape: [-1, features.length] }],
    outputs: [
      { name: labelTensor, datatype: 'INT64', shape: [-1] },
      { name: probabilitiesTensor, datatype: 'FP32', shape: [-1, 2] },
    ],
    properties: {
      version: versionName(model.version),
      features: JSON.stringify(features),
      feature_set: featureSet.id,
      threshold: String(threshold),
    },
  };
}

/** Opens the model if it is not open yet. Throws NOT_FOUND, MODEL_MISSING, and what keeps it from being used. */
export async function checkReady(
  serving: Serving,
  name: string,
  version: ModelVersion | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (name === routedModelName) {
    refuseVersion(version);
    for (const { model, version: served } of await serving.router.models()) {
      await serving.server.use(model, served, signal, async () => {});
    }
    return;
  }
  await serving.server.use(knownName(name), version, signal, async () => {});
}

/** Names of the models that have a version to serve. Throws what keeps one that has from being used. */
export async function readyModels(serving: Serving, signal: AbortSignal): Promise<AnomalyModelName[]> {
  const ready = await Promise.all(
    anomalyModelNames.map(async (name) => {
      try {
        await serving.server.refresh(name, signal);
        return [name];
      } catch (error) {
        if (isQuarterdeckError(error, 'MODEL_MISSING')) return [];
        throw error;
      }
    }),
  );
  return ready.flat();
}

/** Every version of the registry; those in memory are READY, the others are read when they are asked for. */
export async function repositoryIndex(
  serving: Serving,
  onlyReady: boolean,
  signal: AbortSignal,
): Promise<RepositoryModel[]> {
  const failures = new Map<AnomalyModelName, string>();
  for (const name of anomalyModelNames) {
    try {
      await serving.server.refresh(name, signal);
    } catch (error) {
      if (!isQuarterdeckError(error)) throw error;
      failures.set(name, error.status < 500 ? error.message : error.kind.meaning);
    }
  }
  const open = serving.server.loaded();
  const models: RepositoryModel[] = [];
  for (const name of anomalyModelNames) {
    for (const { version } of await listVersions(serving.platform, anomalyScope(name), signal)) {
      const ready = open.some((model) => model.name === name && model.version === version);
      models.push({
        name,
        version: versionName(version),
        state: ready ? 'READY' : 'UNAVAILABLE',
        reason: ready ? '' : (failures.get(name) ?? 'it is read when it is asked for by version'),
      });
    }
  }
  models.push(await routedEntry(serving, signal));
  return onlyReady ? models.filter(({ state }) => state === 'READY') : models;
}

async function routedEntry(serving: Serving, signal: AbortSignal): Promise<RepositoryModel> {
  try {
    await checkReady(serving, routedModelName, undefined, signal);
    return { name: routedModelName, version: '', state: 'READY', reason: '' };
  } catch (error) {
    if (!isQuarterdeckError(error)) throw error;
    const reason = error.status < 500 ? error.message : error.kind.meaning;
    return { name: routedModelName, version: '', state: 'UNAVAILABLE', reason };
  }
}

/** @throws NOT_FOUND, MODEL_MISSING */
export async function modelStatistics(
  serving: Serving,
  name: string | undefined,
  version: ModelVersion | undefined,
  signal: AbortSignal,
): Promise<{ model_stats: ModelStatisticsDocument[] }> {
  const served = serving.server.statistics();
  const document = (of: AnomalyModelName, at: ModelVersion, statistics = new ModelStatistics()) =>
    statistics.document(of, versionName(at));
  if (name === undefined) {
    return { model_stats: served.map((entry) => document(entry.name, entry.version, entry.statistics)) };
  }
  const wanted =
    name === routedModelName
      ? await routedVersions(serving, version)
      : await namedVersions(serving, knownName(name), version, signal);
  return {
    model_stats: wanted.map((entry) => {
      const found = served.find((one) => one.name === entry.name && one.version === entry.version);
      return document(entry.name, entry.version, found?.statistics);
    }),
  };
}

interface NamedVersion {
  readonly name: AnomalyModelName;
  readonly version: ModelVersion;
}

async function routedVersions(
  { router }: Serving,
  version: ModelVersion | undefined,
): Promise<NamedVersion[]> {
  refuseVersion(version);
  return (await router.models()).map((entry) => ({ name: entry.model, version: entry.version }));
}

async function namedVersions(
  { platform }: Serving,
  name: AnomalyModelName,
  version: ModelVersion | undefined,
  signal: AbortSignal,
): Promise<NamedVersion[]> {
  const versions = await listVersions(platform, anomalyScope(name), signal);
  const wanted = versions.filter((entry) => version === undefined || entry.version === version);
  if (wanted.length === 0) {
    const what = version === undefined ? 'model' : `version ${versionName(version)}`;
    throw new QuarterdeckError('MODEL_MISSING', `${name} has no ${what}`, { culprit: { field: 'name' } });
  }
  return wanted.map((entry) => ({ name, version: entry.version }));
}

function knownName(name: string): AnomalyModelName {
  const known = anomalyModelNameSchema.safeParse(name);
  if (known.success) return known.data;
  throw unknownModel(name);
}

/** The routed model is whatever its aliases point at: a version is asked of the model that has it. */
function refuseVersion(version: ModelVersion | undefined): void {
  if (version === undefined) return;
  throw new QuarterdeckError(
    'NOT_FOUND',
    `"${routedModelName}" has no versions of its own: ask ${anomalyModelNames.join(', ')} for one`,
    { culprit: { field: 'version' } },
  );
}
