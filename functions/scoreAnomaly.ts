import { scoreAnomalies, servingOf } from '../src/anomalies';
import { operations } from '../src/contracts';
import { serve } from './shared/endpoint';

serve(operations.scoreAnomaly, (platform, { body, headers, signal }) =>
  scoreAnomalies(platform, servingOf(platform), body, headers, signal),
);
