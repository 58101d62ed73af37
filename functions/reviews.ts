import { listReviews } from '../src/anomalies';
import { operations } from '../src/contracts';
import { serve } from './shared/endpoint';

serve(operations.reviews, (platform, { query, signal }) => listReviews(platform, query, signal));
