import { QuarterdeckError } from '../../contracts';
import { modelKind } from '../binary';
import { classicalDetectors } from './classical';
import type { Detector, DetectorEntry, FittedDetector } from './detector';
import { isolationDetectors } from './isolation';
import { residualDetectors } from './residual';
import { statisticalDetectors } from './statistical';

/** Every detector there is. A further family is one more list here; everything else goes by names. */
const entries: readonly DetectorEntry[] = [
  ...isolationDetectors,
  ...residualDetectors,
  ...statisticalDetectors,
  ...classicalDetectors,
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
