import { alertGroupDetail } from '../src/alerts';
import { operations } from '../src/contracts';
import { serve } from './shared/endpoint';

serve(operations.alertGroupDetail, (platform, { params, query, signal }) =>
  alertGroupDetail(platform, params, query, signal),
);
