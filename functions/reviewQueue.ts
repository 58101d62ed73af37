import { reviewQueue } from '../src/anomalies';
import { operations } from '../src/contracts';
import { serve } from './shared/endpoint';

serve(operations.reviewQueue, (platform, { query, signal }) => reviewQueue(platform, query, signal));
