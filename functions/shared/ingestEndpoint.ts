import { app } from '@azure/functions';
import { answerIngest, type IngestRequest } from '../../src/anomalies';
import type { Operation } from '../../src/contracts';
import { processPlatform } from '../../src/platform/processPlatform';

/** Registers the HTTP function of an operation whose body comes in somebody else's format. */
export function serveIngest(operation: Operation, request: Omit<IngestRequest, 'requestId'>): void {
  app.http(operation.id, {
    methods: [operation.method],
    route: operation.route,
    authLevel: operation.access,
    handler: (incoming, context) =>
      answerIngest(processPlatform(), incoming, { ...request, requestId: context.invocationId }),
  });
}
