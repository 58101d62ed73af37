import { giveGroupFeedback } from '../src/alerts';
import { operations } from '../src/contracts';
import { serve } from './shared/endpoint';

serve(operations.alertGroupFeedback, (platform, { params, body, signal }) =>
  giveGroupFeedback(platform, params, body, signal),
);
