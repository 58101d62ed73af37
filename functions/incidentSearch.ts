import { operations } from '../src/contracts';
import { searchIncidents } from '../src/incidents';
import { serve } from './shared/endpoint';

serve(operations.incidentSearch, (platform, { query, signal }) => searchIncidents(platform, query, signal));
