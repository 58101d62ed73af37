export type {
  Detector,
  DetectorDecoder,
  DetectorEntry,
  DetectorKind,
  FittedDetector,
  StreamingScorer,
} from './detector';
export { detectorByName, detectorFromBytes, detectors } from './detectors';
