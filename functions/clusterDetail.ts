import { operations } from '../src/contracts';
import { clusterDetail } from '../src/incidents';
import { serve } from './shared/endpoint';

serve(operations.clusterDetail, (platform, { params, query, signal }) =>
  clusterDetail(platform, { ...query, ...params }, signal),
);
