import { operations } from '../src/contracts';
import { listExplanations } from '../src/intelligence';
import { serve } from './shared/endpoint';

serve(operations.explanations, (platform, { query, signal }) => listExplanations(platform, query, signal));
