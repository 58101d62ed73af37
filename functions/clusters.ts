import { operations } from '../src/contracts';
import { listClusters } from '../src/incidents';
import { serve } from './shared/endpoint';

serve(operations.clusters, (platform, { query, signal }) => listClusters(platform, query, signal));
