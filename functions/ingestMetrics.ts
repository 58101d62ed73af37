import { operations } from '../src/contracts';
import { serveIngest } from './shared/ingestEndpoint';

serveIngest(operations.ingestMetrics, { kind: 'metrics', otlpRoute: false });
