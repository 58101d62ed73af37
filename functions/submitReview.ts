import { submitReview } from '../src/anomalies';
import { operations } from '../src/contracts';
import { serve } from './shared/endpoint';

serve(operations.submitReview, (platform, { body, signal }) => submitReview(platform, body, signal));
