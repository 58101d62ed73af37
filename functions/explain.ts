import { operations } from '../src/contracts';
import { explainAnomaly } from '../src/intelligence';
import { serve } from './shared/endpoint';

serve(operations.explain, (platform, { body, signal }) => explainAnomaly(platform, body, signal));
