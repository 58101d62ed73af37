import { endMaintenanceWindow } from '../src/alerts';
import { operations } from '../src/contracts';
import { serve } from './shared/endpoint';

serve(operations.endMaintenanceWindow, (platform, { params, body, signal }) =>
  endMaintenanceWindow(platform, params.id, body, signal),
);
