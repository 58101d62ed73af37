import { codeVersion, operations } from '../src/contracts';
import { serve } from './shared/endpoint';

serve(operations.health, () => Promise.resolve({ status: 'ok', codeVersion }));
