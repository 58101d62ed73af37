import { modelTable } from '../src/anomalies';
import { operations } from '../src/contracts';
import { serve } from './shared/endpoint';

serve(operations.anomalyModels, (platform, { query, signal }) => modelTable(platform, query, signal));
