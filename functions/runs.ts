import { operations } from '../src/contracts';
import { listRuns } from '../src/incidents';
import { serve } from './shared/endpoint';

serve(operations.runs, (platform, { query, signal }) => listRuns(platform, query, signal));
