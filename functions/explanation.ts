import { operations } from '../src/contracts';
import { readExplanation } from '../src/intelligence';
import { serve } from './shared/endpoint';

serve(operations.explanation, (platform, { params, signal }) => readExplanation(platform, params.id, signal));
