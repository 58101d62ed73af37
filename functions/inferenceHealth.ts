import { app } from '@azure/functions';
import { answerProtocol, servingOf } from '../src/anomalies';
import { processPlatform } from '../src/platform/processPlatform';

/** A probe that waits longer than this has failed already. */
const limitMs = 10_000;

/** Probes have no key. */
app.http('inferenceHealth', {
  methods: ['GET'],
  route: 'v2/health/{probe}',
  authLevel: 'anonymous',
  handler: (request) =>
    answerProtocol(() => servingOf(processPlatform()), {
      method: request.method,
      path: `health/${request.params['probe'] ?? ''}`,
      headers: request.headers,
      body: null,
      signal: AbortSignal.timeout(limitMs),
    }),
});
