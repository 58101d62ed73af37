import { receiveChanges } from '../src/alerts';
import { operations } from '../src/contracts';
import { serve } from './shared/endpoint';

serve(operations.receiveChanges, (platform, { body, signal }) => receiveChanges(platform, body, signal));
