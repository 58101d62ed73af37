import { operations } from '../src/contracts';
import { incidentDetail } from '../src/incidents';
import { serve } from './shared/endpoint';

serve(operations.incidentDetail, (platform, { params, signal }) => incidentDetail(platform, params, signal));
