import {
  isQuarterdeckError,
  quarterOf,
  type FeatureSet,
  type ModelVersion,
  type QuarterdeckError,
} from '../../../contracts';
import type { Platform } from '../../../platform/platform';
import {
  anomalyScope,
  evaluateGate,
  promoteVersion,
  publishVersion,
  type GateCheck,
} from '../../../registry';
import { encodeAnomalyModel, type AnomalyModelParts } from '../../model';
import type { HeldOutFigures } from './judgeHeldOut';
import type { Window } from './trainingRows';

export interface PublishedModel {
  readonly model: AnomalyModelParts['name'];
  readonly version: ModelVersion;
  /** `promoted` is the model's own pointer; aliases come after. */
  readonly promotion: 'promoted' | 'refused';
  readonly reason: string;
  readonly checks: readonly GateCheck[];
  readonly figures: HeldOutFigures | undefined;
}

export interface Lineage {
  readonly window: Window;
  readonly rows: number;
  readonly seed: number;
  readonly set: FeatureSet;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly report: unknown;
}

/**
 * Publishes an immutable version with where it came from, and points the model's name at it when it passed its gate.
 * @throws what the registry throws but for GATE_REFUSED, which is an outcome
 */
export async function publishModel(
  platform: Platform,
  parts: AnomalyModelParts,
  figures: HeldOutFigures | undefined,
  checks: readonly GateCheck[],
  lineage: Lineage,
  signal: AbortSignal,
): Promise<PublishedModel> {
  const scope = anomalyScope(parts.name);
  const { window, rows, seed, set, parameters, report } = lineage;
  const version = await publishVersion(
    platform,
    {
      scope,
      ...quarterOf(window.to),
      files: (named) => encodeAnomalyModel(parts, set, { figures, checks, ...asObject(report) }, named),
      parameters: {
        ...parameters,
        featureSet: set.id,
        features: set.names.length,
        threshold: parts.threshold,
      },
      seed,
      dataWindow: { ...window, rows },
      metrics: {
        f1: figures?.f1 ?? null,
        precision: figures?.precision ?? null,
        recall: figures?.recall ?? null,
        aucPr: figures?.aucPr ?? null,
        reviewedF1: figures?.reviewed.f1 ?? null,
        reviewedPrecision: figures?.reviewed.precision ?? null,
        reviewedRows: figures?.reviewedRows ?? null,
        reviewedAnomalies: figures?.reviewedAnomalies ?? null,
      },
      embeddingModel: null,
    },
    signal,
  );
  const outcome = { model: parts.name, version, checks, figures };
  try {
    const gate = evaluateGate(checks);
    await promoteVersion(
      platform,
      scope,
      version,
      { by: 'training', reason: 'passed its gate', gate },
      signal,
    );
    return { ...outcome, promotion: 'promoted', reason: 'passed its gate' };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return { ...outcome, promotion: 'refused', reason: error.message };
  }
}

function isRefusal(error: unknown): error is QuarterdeckError {
  return isQuarterdeckError(error, 'GATE_REFUSED') || isQuarterdeckError(error, 'PROMOTION_LOST');
}

function asObject(report: unknown): Record<string, unknown> {
  return { learning: report };
}
