import { isQuarterdeckError, QuarterdeckError, type ModelVersion } from '../../contracts';
import type { OnnxSessions } from '../../platform/onnx/onnxSessions';
import {
  anomalyScope,
  ModelCache,
  readVersion,
  type RegistryPlatform,
  type ResolvedModel,
} from '../../registry';
import { decodeFeatureSet } from '../features';
import { anomalyModelPaths, decodeAnomalyModel } from '../model';
import type { ModelSource } from './modelServer';
import type { ServedModel } from './servedModel';

/** Preparing a graph of some megabytes takes a second or two. */
const openLimitMs = 60_000;

/** Models of the registry, computed by the ONNX runtime; contributions come from the native form of the same model. */
export function registrySource(platform: RegistryPlatform, sessions: OnnxSessions): ModelSource {
  const cache = new ModelCache<ServedModel>();
  const open = (model: ResolvedModel): Promise<ServedModel> =>
    openModel(sessions, model, AbortSignal.timeout(openLimitMs));
  return {
    async current(name, signal) {
      return (await cache.get(platform, anomalyScope(name), open, signal)).value;
    },
    async version(name, version, signal) {
      const scope = anomalyScope(name);
      const { manifest, files } = await readVersion(platform, scope, version, signal);
      return open({ scope, version, manifest, files, fallback: undefined });
    },
  };
}

async function openModel(
  sessions: OnnxSessions,
  model: ResolvedModel,
  signal: AbortSignal,
): Promise<ServedModel> {
  const { scope, version, manifest, files } = model;
  const native = decodeAnomalyModel(model);
  const featureSet = decodeFeatureSet(fileOf(model, anomalyModelPaths.features));
  const { sha256 } = manifest.files.find(({ path }) => path === anomalyModelPaths.onnx)!;
  try {
    const classifier = await sessions.open(sha256, async () => files.get(anomalyModelPaths.onnx)!, signal);
    if (classifier.d !== native.features.length) {
      await classifier.close();
      throw damaged(scope, version, `its graph takes ${classifier.d} of ${native.features.length} features`);
    }
    return {
      name: native.name,
      version,
      features: native.features,
      featureSet,
      threshold: native.threshold,
      classify: (rows, until) => classifier.run(rows.values, rows.n, rows.d, until),
      contributions: (rows, limit, until) => native.contributions(rows, limit, { signal: until }),
      close: () => classifier.close(),
    };
  } catch (error) {
    // A graph that the runtime refuses is a damaged version: an earlier one takes over.
    if (!isQuarterdeckError(error) || !error.code.startsWith('ONNX_')) throw error;
    throw damaged(scope, version, error.message, error);
  }
}

function fileOf({ scope, version, files }: ResolvedModel, path: string): Uint8Array {
  const bytes = files.get(path);
  if (bytes) return bytes;
  throw damaged(scope, version, `it has no ${path}`);
}

function damaged(scope: string, version: ModelVersion, why: string, cause?: unknown): QuarterdeckError {
  return new QuarterdeckError('MODEL_CORRUPT', `${scope} ${version} cannot be served: ${why}`, {
    culprit: { blob: `${scope}/${version}` },
    cause,
  });
}
