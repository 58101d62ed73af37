import { operations } from '../src/contracts';
import { classifyTexts } from '../src/incidents';
import { serve } from './shared/endpoint';

serve(operations.classify, (platform, { body, signal }) => classifyTexts(platform, body, signal));
