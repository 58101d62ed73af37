import { currentServiceGraph } from '../src/alerts';
import { operations, QuarterdeckError } from '../src/contracts';
import { serve } from './shared/endpoint';

serve(operations.serviceGraph, async (platform, { signal }) => {
  const stored = await currentServiceGraph(platform, signal);
  if (!stored) throw new QuarterdeckError('NOT_FOUND', 'no service graph was given yet');
  const { graph, ...rest } = stored;
  return { ...graph, ...rest };
});
