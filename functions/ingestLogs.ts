import { operations } from '../src/contracts';
import { serveIngest } from './shared/ingestEndpoint';

serveIngest(operations.ingestLogs, { kind: 'logs', otlpRoute: false });
