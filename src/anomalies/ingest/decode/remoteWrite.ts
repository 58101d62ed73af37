import { excerptOf, type Decoded, type MetricCandidate } from '../batch';
import { decodeMessage } from '../proto/messages';
import { seriesName } from './seriesName';

/** Prometheus remote write 1.0 (Prometheus, "Remote-Write 1.0 specification"): series of labels with samples. */

interface Series {
  readonly labels: readonly { readonly name: string; readonly value: string }[];
  readonly samples: readonly { readonly value?: number; readonly timestamp?: string }[];
}
interface Metadata {
  readonly type?: number;
  readonly metricFamilyName?: string;
  readonly unit?: string;
}

/** MetricMetadata.MetricType. */
const counterType = 1;
/** What a metric's name ends in when it only grows, by Prometheus's conventions. */
const counterName = /(?:_total|_count|_sum|_bucket)$/;
/** The NaN by which Prometheus says that a series has ended (its `StaleNaN`): no measurement. */
const staleMark = 0x7ff0000000000002n;
/** Reading a signalling NaN may turn it into a quiet one. */
const quietBit = 0x0008000000000000n;

/** @throws INPUT_INVALID when the body is no WriteRequest. */
export function* remoteWriteMetrics(
  body: Uint8Array,
  defaults: { readonly instance: string | undefined },
): Generator<Decoded<MetricCandidate>> {
  const request = decodeMessage('WriteRequest', body) as unknown as {
    readonly timeseries: readonly Series[];
    readonly metadata: readonly Metadata[];
  };
  const families = new Map(request.metadata.map((family) => [family.metricFamilyName ?? '', family]));
  let index = 0;
  for (const { labels, samples } of request.timeseries) {
    const {
      __name__: name = '',
      instance,
      ...others
    } = Object.fromEntries(labels.map((label) => [label.name, label.value])) as Record<
      string,
      string | undefined
    >;
    const family = families.get(name);
    // Prometheus writes the address; the name that the host has elsewhere is its first part.
    const host = instance?.replace(/:\d{1,5}$/, '');
    const candidate = {
      instance: host || others['job'] || defaults.instance,
      metric: name === '' ? '' : seriesName(name, others),
      kind:
        family?.type === counterType || counterName.test(name) ? ('counter' as const) : ('gauge' as const),
      unit: family?.unit || null,
    };
    for (const sample of samples) {
      const position = index++;
      if (isStale(sample.value)) continue;
      yield {
        index: position,
        candidate: { ...candidate, at: Number(sample.timestamp ?? 0), value: sample.value ?? 0 },
        excerpt: () => excerptOf({ labels, sample }),
      };
    }
  }
}

const bits = new DataView(new ArrayBuffer(8));

function isStale(value: number | undefined): boolean {
  if (value === undefined || !Number.isNaN(value)) return false;
  bits.setFloat64(0, value);
  return (bits.getBigUint64(0) & ~quietBit) === staleMark;
}
