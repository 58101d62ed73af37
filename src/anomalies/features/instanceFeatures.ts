import type { FeatureSet } from '../../contracts';
import type { Matrix } from '../../learn/matrix';
import type { FeatureRows } from '../../platform/warehouse/featureOperations';

/** All rows of one instance, by minute. */
export interface InstanceFeatures {
  readonly instance: string;
  /** Per row, minutes since 1970. */
  readonly minutes: Int32Array;
  /** n × features. */
  readonly matrix: Matrix;
}

/** Parts of an answer of the warehouse, put together or taken apart so that each is one instance. */
export async function* byInstance(parts: AsyncIterable<FeatureRows>): AsyncGenerator<InstanceFeatures> {
  let held: InstanceFeatures[] = [];
  for await (const part of parts) {
    for (const stretch of stretchesOf(part)) {
      if (held[0] && held[0].instance !== stretch.instance) {
        yield joined(held);
        held = [];
      }
      held.push(stretch);
    }
  }
  if (held.length > 0) yield joined(held);
}

function* stretchesOf({ instances, instanceOf, minutes, matrix }: FeatureRows): Generator<InstanceFeatures> {
  const { d } = matrix;
  for (let start = 0; start < matrix.n;) {
    const instance = instanceOf[start]!;
    let end = start + 1;
    while (end < matrix.n && instanceOf[end] === instance) end++;
    yield {
      instance: instances[instance]!,
      minutes: minutes.subarray(start, end),
      matrix: { values: matrix.values.subarray(start * d, end * d), n: end - start, d },
    };
    start = end;
  }
}

/** One after the other, in a memory of their own. */
export function joined(parts: readonly InstanceFeatures[]): InstanceFeatures {
  if (parts.length === 1) return parts[0]!;
  const n = parts.reduce((sum, { matrix }) => sum + matrix.n, 0);
  const { d } = parts[0]!.matrix;
  const values = new Float32Array(n * d);
  const minutes = new Int32Array(n);
  let row = 0;
  for (const part of parts) {
    values.set(part.matrix.values, row * d);
    minutes.set(part.minutes, row);
    row += part.matrix.n;
  }
  return { instance: parts[0]!.instance, minutes, matrix: { values, n, d } };
}

/** Columns of the set with the value of each metric, −1 for a metric whose value is no feature. */
export function valueColumns({ metrics, definitions }: FeatureSet): Int32Array {
  const columns = new Map<string, number>();
  definitions.forEach(({ function: feature, inputs }, column) => {
    if (feature === 'value') columns.set(inputs[0]!, column);
  });
  return Int32Array.from(metrics, ({ name }) => columns.get(name) ?? -1);
}
