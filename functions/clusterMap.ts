import { operations } from '../src/contracts';
import { clusterMap } from '../src/incidents';
import { serve } from './shared/endpoint';

serve(operations.clusterMap, (platform, { query, signal }) => clusterMap(platform, query, signal));
