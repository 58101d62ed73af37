import { testRouting } from '../src/anomalies';
import { operations } from '../src/contracts';
import { serve } from './shared/endpoint';

serve(operations.testRouting, (platform, { query, signal }) => testRouting(platform, query, signal));
