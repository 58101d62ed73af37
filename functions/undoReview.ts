import { undoReview } from '../src/anomalies';
import { operations } from '../src/contracts';
import { serve } from './shared/endpoint';

serve(operations.undoReview, (platform, { params, body, signal }) =>
  undoReview(platform, { ...params, ...body }, signal),
);
