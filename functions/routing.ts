import { routingStatus, servingOf } from '../src/anomalies';
import { operations } from '../src/contracts';
import { serve } from './shared/endpoint';

serve(operations.routing, (platform, { signal }) =>
  routingStatus(platform, servingOf(platform).split, signal),
);
