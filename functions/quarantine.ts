import { operations } from '../src/contracts';
import { listQuarantine } from '../src/incidents';
import { serve } from './shared/endpoint';

serve(operations.quarantine, (platform, { query, signal }) => listQuarantine(platform, query, signal));
