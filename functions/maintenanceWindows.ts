import { listMaintenanceWindows } from '../src/alerts';
import { operations } from '../src/contracts';
import { serve } from './shared/endpoint';

serve(operations.maintenanceWindows, (platform, { query, signal }) =>
  listMaintenanceWindows(platform, query, signal),
);
