import { QuarterdeckError } from '../../contracts';
import { modelKind } from '../binary';
import { autoEntry } from './choice';
import { classicalDetectors } from './classical';
import type { Detector, DetectorEntry, FittedDetector } from './detector';
import { votingEnsembleEntry } from './ensemble';
import { isolationDetectors } from './isolation';
import { residualDetectors } from './residual';
import { smoothedEntry } from './smoothed';
import { statisticalDetectors } from './statistical';
import { streamingDetectors } from './streaming';

/** Detectors that stand by themselves. A further family is one more list here; everything else goes by names. */
const single: readonly DetectorEntry[] = [
  ...isolationDetectors,
  ...residualDetectors,
  ...streamingDetectors,
  ...statisticalDetectors,
  ...classicalDetectors,
];

/** Detectors made of others. */
const smoothed = smoothedEntry(single);
const entries: readonly DetectorEntry[] = [
  ...single,
  smoothed,
  votingEnsembleEntry(single),
  autoEntry(single, smoothed),
];

export const detectors: ReadonlyMap<string, DetectorEntry> = new Map(
  entries.map((entry) => [entry.detector.name, entry]),
);

/** @throws NOT_FOUND. */
export function detectorByName(name: string): Detector {
  const entry = detectors.get(name);
  if (entry) return entry.detector;
  throw new QuarterdeckError(
    'NOT_FOUND',
    `no detector is called ${name}; there are ${[...detectors.keys()].join(', ')}`,
    { culprit: { detector: name } },
  );
}

/** Reads what any detector's `toBytes` wrote. @throws MODEL_BYTES_INVALID. */
export function detectorFromBytes(bytes: Uint8Array): FittedDetector {
  const kind = modelKind(bytes);
  const entry = detectors.get(kind);
  if (!entry) throw new QuarterdeckError('MODEL_BYTES_INVALID', `no detector is called ${kind}`);
  return entry.fromBytes(bytes, detectorFromBytes);
}
