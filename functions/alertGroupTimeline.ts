import { alertGroupTimeline } from '../src/alerts';
import { operations } from '../src/contracts';
import { serve } from './shared/endpoint';

serve(operations.alertGroupTimeline, (platform, { params, query, signal }) =>
  alertGroupTimeline(platform, params, query, signal),
);
