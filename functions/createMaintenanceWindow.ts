import { createMaintenanceWindow } from '../src/alerts';
import { operations } from '../src/contracts';
import { serve } from './shared/endpoint';

serve(operations.createMaintenanceWindow, (platform, { body, signal }) =>
  createMaintenanceWindow(platform, body, signal),
);
