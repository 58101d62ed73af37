import { surroundings } from '../src/anomalies';
import { operations } from '../src/contracts';
import { serve } from './shared/endpoint';

serve(operations.surroundings, (platform, { query, signal }) => surroundings(platform, query, signal));
