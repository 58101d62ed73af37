import { previewGrouping } from '../src/alerts';
import { operations } from '../src/contracts';
import { serve } from './shared/endpoint';

serve(operations.alertGroupPreview, (platform, { body, signal }) =>
  previewGrouping(platform, body, { signal }),
);
