import { putServiceGraph } from '../src/alerts';
import { operations } from '../src/contracts';
import { serve } from './shared/endpoint';

serve(operations.putServiceGraph, async (platform, { body, signal }) => {
  const { graph, ...stored } = await putServiceGraph(platform, body, signal);
  return { version: graph.version, ...stored };
});
