import { listChanges } from '../src/alerts';
import { operations } from '../src/contracts';
import { serve } from './shared/endpoint';

serve(operations.changes, (platform, { query, signal }) => listChanges(platform, query, signal));
