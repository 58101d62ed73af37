import { operations } from '../src/contracts';
import { pipelineStatus } from '../src/incidents';
import { serve } from './shared/endpoint';

serve(operations.status, (platform, { signal }) => pipelineStatus(platform, signal));
