import { z } from 'zod';
import {
  anomalyModelNameSchema,
  QuarterdeckError,
  type FeatureSet,
  type ModelVersion,
} from '../../contracts';
import { decodeModel, encodeModel } from '../../learn/binary';
import type { Calibration } from '../../learn/select';
import { gradientBoostingFromBytes } from '../../learn/trees';
import { symmetricBoostingFromBytes } from '../../learn/trees/symmetric';
import type { ModelFile, ResolvedModel } from '../../registry';
import { encodeFeatureSet } from '../features';
import { anomalyModel, type AnomalyModel, type AnomalyModelParts, type BoostedModel } from './anomalyModel';
import { anomalyModelOnnx } from './anomalyModelOnnx';
import type { Blend } from './blend';
import { unsupervisedStackOf } from './unsupervisedStack';

/** Files of a version of an anomaly model. */
export const anomalyModelPaths = {
  onnx: 'model/model.onnx',
  native: 'model/native',
  features: 'features/features.json',
  threshold: 'model/threshold.json',
  report: 'evaluation/report.json',
} as const;

const kind = 'anomaly-model';
const stackKind = 'unsupervised-stack';
const formatVersion = 1;

const parametersSchema = z.object({
  name: anomalyModelNameSchema,
  featureSetId: z.string(),
  blend: z.object({
    scoreWeights: z.array(z.number().min(0)),
    slope: z.number(),
    intercept: z.number(),
    treesWeight: z.number().min(0),
  }),
  family: z.enum(['gradient', 'symmetric']).nullable(),
  calibration: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('platt'), slope: z.number(), intercept: z.number() }),
    z.object({ kind: z.literal('isotonic'), x: z.array(z.number()), y: z.array(z.number()) }),
  ]),
  threshold: z.number(),
});

/** Everything that a version holds, for `publishVersion`; `report` is what it was measured at. */
export function encodeAnomalyModel(
  parts: AnomalyModelParts,
  featureSet: FeatureSet,
  report: unknown,
  version: ModelVersion,
): ModelFile[] {
  const json = (value: unknown): Uint8Array =>
    new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
  return [
    { path: anomalyModelPaths.onnx, bytes: anomalyModelOnnx(parts, version) },
    { path: anomalyModelPaths.native, bytes: encodeNative(parts) },
    { path: anomalyModelPaths.features, bytes: encodeFeatureSet(featureSet) },
    { path: anomalyModelPaths.threshold, bytes: json({ threshold: parts.threshold }) },
    { path: anomalyModelPaths.report, bytes: json(report) },
  ];
}

/** @throws MODEL_CORRUPT when a file is missing, MODEL_BYTES_INVALID when one is not what it should be. */
export function decodeAnomalyModel({
  scope,
  version,
  files,
}: Pick<ResolvedModel, 'scope' | 'version' | 'files'>): AnomalyModel {
  const file = (path: string): Uint8Array => {
    const bytes = files.get(path);
    if (bytes) return bytes;
    throw new QuarterdeckError('MODEL_CORRUPT', `${scope} ${version} has no ${path}`, {
      culprit: { blob: path },
    });
  };
  return anomalyModel(decodeNative(file(anomalyModelPaths.native)), version, file(anomalyModelPaths.onnx));
}

/** The binary of everything but the graph. */
export function encodeNative(parts: AnomalyModelParts): Uint8Array {
  const { name, featureSetId, stack, blend, trees, calibration, threshold } = parts;
  return encodeModel(kind, formatVersion, {
    parameters: { name, featureSetId, blend, family: trees?.family ?? null, calibration, threshold },
    arrays: {
      stack: encodeModel(stackKind, formatVersion, stack.content()),
      ...(trees && { trees: trees.fitted.toBytes() }),
    },
  });
}

/** @throws MODEL_BYTES_INVALID */
export function decodeNative(bytes: Uint8Array): AnomalyModelParts {
  const { parameters, arrays } = decodeModel(kind, formatVersion, bytes);
  const parsed = parametersSchema.safeParse(parameters);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new QuarterdeckError(
      'MODEL_BYTES_INVALID',
      `not an ${kind}: ${issue?.path.join('.')}: ${issue?.message}`,
      {
        cause: parsed.error,
      },
    );
  }
  const { family, ...rest } = parsed.data;
  const stack = unsupervisedStackOf(decodeModel(stackKind, formatVersion, arrays['stack'] as Uint8Array));
  const blend: Blend = rest.blend;
  const calibration: Calibration = rest.calibration;
  return {
    ...rest,
    blend,
    calibration,
    features: stack.features,
    stack,
    trees: family === null ? undefined : treesOf(family, arrays['trees'] as Uint8Array),
  };
}

function treesOf(family: BoostedModel['family'], bytes: Uint8Array): BoostedModel {
  return family === 'gradient'
    ? { family, fitted: gradientBoostingFromBytes(bytes) }
    : { family, fitted: symmetricBoostingFromBytes(bytes) };
}
