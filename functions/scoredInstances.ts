import { scoredInstances } from '../src/anomalies';
import { operations } from '../src/contracts';
import { serve } from './shared/endpoint';

serve(operations.scoredInstances, (platform, { query, signal }) => scoredInstances(platform, query, signal));
