import { routingStatus, servingOf, setRouting } from '../src/anomalies';
import { operations } from '../src/contracts';
import { serve } from './shared/endpoint';

serve(operations.setRouting, async (platform, { body: { by, reason, ...change }, signal }) => {
  await setRouting(platform, change, { by, reason }, signal);
  const { router, split } = servingOf(platform);
  await router.refresh();
  return routingStatus(platform, split, signal);
});
