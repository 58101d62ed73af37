import type { AnomalyModelName, FeatureSet, ModelVersion } from '../../src/contracts';
import type { Matrix } from '../../src/learn/matrix';
import type { ModelSource } from '../../src/anomalies/serve/modelServer';
import type { Classified, ServedModel } from '../../src/anomalies/serve/servedModel';
import { QuarterdeckError } from '../../src/contracts';

/** Features that are the readings of gauges as they stand. */
function gaugesSet(d: number): FeatureSet {
  const names = Array.from({ length: d }, (_, column) => `f${column}`);
  return {
    id: d.toString(16).padStart(16, '0'),
    metrics: names.map((name) => ({ name, kind: 'gauge' })),
    definitions: names.map((name) => ({
      name,
      inputs: [name],
      windowMinutes: 0,
      function: 'value',
      unit: '1',
    })),
    names,
    timeZone: 'UTC',
    businessHours: { from: 9, to: 17 },
  };
}

/** A model whose answer can be worked out by hand: the probability is the mean of the row's values, missing as 0. */
export interface MeanModel extends ServedModel {
  /** Rows of each run so far. */
  readonly runs: number[];
  closed: boolean;
  /** Runs wait for it when it is set. */
  gate: Promise<void> | undefined;
}

export function meanModel(
  name: AnomalyModelName,
  version: ModelVersion,
  d: number,
  threshold = 0.5,
): MeanModel {
  const model: MeanModel = {
    name,
    version,
    features: Array.from({ length: d }, (_, column) => `f${column}`),
    featureSet: gaugesSet(d),
    threshold,
    runs: [],
    closed: false,
    gate: undefined,
    async classify(rows: Matrix): Promise<Classified> {
      if (model.closed) throw new Error(`${name} ${version} is closed`);
      model.runs.push(rows.n);
      await model.gate;
      if (model.closed) throw new Error(`${name} ${version} was closed during a run`);
      return meanOf(rows, threshold);
    },
    contributions: async (rows, limit) =>
      Array.from({ length: rows.n }, () => [{ feature: 'f0', value: 0, contribution: limit }]),
    async close() {
      model.closed = true;
    },
  };
  return model;
}

export function meanOf({ values, n, d }: Matrix, threshold = 0.5): Classified {
  const labels = new BigInt64Array(n);
  const probabilities = new Float32Array(n * 2);
  for (let row = 0; row < n; row++) {
    let sum = 0;
    for (let column = 0; column < d; column++) {
      const value = values[row * d + column]!;
      if (!Number.isNaN(value)) sum += value;
    }
    const mean = Math.min(1, Math.max(0, sum / d));
    labels[row] = BigInt(mean >= threshold);
    probabilities[row * 2] = 1 - mean;
    probabilities[row * 2 + 1] = mean;
  }
  return { labels, probabilities };
}

/** Models by name, of which the test says which version is current. */
export class MemorySource implements ModelSource {
  readonly models: ServedModel[] = [];
  readonly pointers = new Map<AnomalyModelName, ServedModel>();
  failure: Error | undefined;

  promote(model: ServedModel): void {
    if (!this.models.includes(model)) this.models.push(model);
    this.pointers.set(model.name, model);
  }

  async current(name: AnomalyModelName): Promise<ServedModel> {
    if (this.failure) throw this.failure;
    return this.pointers.get(name) ?? missing(`${name} has no model yet`);
  }

  async version(name: AnomalyModelName, version: ModelVersion): Promise<ServedModel> {
    if (this.failure) throw this.failure;
    const found = this.models.find((model) => model.name === name && model.version === version);
    return found ?? missing(`${name} has no version ${version}`);
  }
}

function missing(message: string): never {
  throw new QuarterdeckError('MODEL_MISSING', message);
}
