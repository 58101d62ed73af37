import { isQuarterdeckError, QuarterdeckError, type ModelVersion } from '../../contracts';
import type { OnnxClassifier, OnnxSessions } from '../../platform/onnx/onnxSessions';
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

/**
 * A few rows are computed sooner by one thread than it takes to wake another; thousands need all of them. The runtime
 * fixes the threads of a session when it is opened, so there are two of each model.
 */
export interface ServingSessions {
  readonly one: OnnxSessions;
  readonly all: OnnxSessions;
}

/** Rows up to which one thread is quicker: a row takes some 10 microseconds. */
const rowsOfOneThread = 32;

/** Models of the registry, computed by the ONNX runtime; contributions come from the native form of the same model. */
export function registrySource(platform: RegistryPlatform, sessions: ServingSessions): ModelSource {
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
  sessions: ServingSessions,
  model: ResolvedModel,
  signal: AbortSignal,
): Promise<ServedModel> {
  const { scope, version, manifest, files } = model;
  const native = decodeAnomalyModel(model);
  const featureSet = decodeFeatureSet(fileOf(model, anomalyModelPaths.features));
  const { sha256 } = manifest.files.find(({ path }) => path === anomalyModelPaths.onnx)!;
  try {
    const load = async (): Promise<Uint8Array> => files.get(anomalyModelPaths.onnx)!;
    const one = await sessions.one.open(sha256, load, signal);
    const all = await openOrClose(one, sessions.all.open(sha256, load, signal));
    const close = async (): Promise<void> => {
      await Promise.all([one.close(), all.close()]);
    };
    if (one.d !== native.features.length) {
      await close();
      throw damaged(scope, version, `its graph takes ${one.d} of ${native.features.length} features`);
    }
    return {
      name: native.name,
      version,
      features: native.features,
      featureSet,
      threshold: native.threshold,
      classify: (rows, until) =>
        (rows.n <= rowsOfOneThread ? one : all).run(rows.values, rows.n, rows.d, until),
      contributions: (rows, limit, until) => native.contributions(rows, limit, { signal: until }),
      close,
    };
  } catch (error) {
    // A graph that the runtime refuses is a damaged version: an earlier one takes over.
    if (!isQuarterdeckError(error) || !error.code.startsWith('ONNX_')) throw error;
    throw damaged(scope, version, error.message, error);
  }
}

async function openOrClose(first: OnnxClassifier, opening: Promise<OnnxClassifier>): Promise<OnnxClassifier> {
  try {
    return await opening;
  } catch (error) {
    await first.close();
    throw error;
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
