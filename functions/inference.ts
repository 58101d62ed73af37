import { app } from '@azure/functions';
import { answerProtocol, servingOf } from '../src/anomalies';
import { processPlatform } from '../src/platform/processPlatform';

/** 10,000 rows take a second; the platform's load balancer gives up after 230. */
const limitMs = 60_000;

/** The Open Inference Protocol has its own router: its errors have a form of their own for every path below /v2. */
app.http('inference', {
  methods: ['GET', 'POST'],
  route: 'v2/{*path}',
  authLevel: 'function',
  handler: (request) =>
    answerProtocol(() => servingOf(processPlatform()), {
      method: request.method,
      path: request.params['path'] ?? '',
      headers: request.headers,
      body: request.body,
      arrayBuffer: () => request.arrayBuffer(),
      signal: AbortSignal.timeout(limitMs),
    }),
});
