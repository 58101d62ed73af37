import { operations } from '../src/contracts';
import { serveIngest } from './shared/ingestEndpoint';

serveIngest(operations.otlpMetrics, { kind: 'metrics', otlpRoute: true });
