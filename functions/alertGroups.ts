import { listAlertGroups } from '../src/alerts';
import { operations } from '../src/contracts';
import { serve } from './shared/endpoint';

serve(operations.alertGroups, (platform, { query, signal }) => listAlertGroups(platform, query, signal));
