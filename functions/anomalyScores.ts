import { anomalySeries } from '../src/anomalies';
import { operations } from '../src/contracts';
import { serve } from './shared/endpoint';

serve(operations.anomalyScores, (platform, { query, signal }) => anomalySeries(platform, query, signal));
