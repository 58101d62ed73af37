import { canaryAlert, servingOf } from '../src/anomalies';
import { operations } from '../src/contracts';
import { serve } from './shared/endpoint';

serve(operations.canaryAlert, async (platform, { body, signal }) => {
  const answer = await canaryAlert(platform, body, signal);
  await servingOf(platform).router.refresh();
  return answer;
});
