import { operations } from '../src/contracts';
import { serveIngest } from './shared/ingestEndpoint';

serveIngest(operations.otlpLogs, { kind: 'logs', otlpRoute: true });
