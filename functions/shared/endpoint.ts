import { app } from '@azure/functions';
import type { z } from 'zod';
import type { Operation } from '../../src/contracts';
import { processPlatform } from '../../src/platform/processPlatform';
import { answerRequest, defaultLimits, type EndpointInput } from '../../src/platform/http/endpoint';
import type { Platform } from '../../src/platform/platform';

type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;
type Input<O extends Operation> = EndpointInput<Parsed<O['params']>, Parsed<O['query']>, Parsed<O['body']>>;

/** Registers the HTTP function of one operation: parse and check, call the handler, answer. */
export function serve<O extends Operation>(
  operation: O,
  handle: (platform: Platform, input: Input<O>) => Promise<z.input<O['answer']>>,
): void {
  const { largestBodyBytes } = operation;
  const limits =
    largestBodyBytes === undefined
      ? defaultLimits
      : { ...defaultLimits, maximumBodyBytes: largestBodyBytes, manyNumbers: true };
  app.http(operation.id, {
    methods: [operation.method],
    route: operation.route,
    authLevel: operation.access,
    handler: (request, context) =>
      answerRequest(
        request,
        { requestId: context.invocationId, telemetry: () => processPlatform().telemetry },
        operation as { params?: z.ZodType; query?: z.ZodType; body?: z.ZodType },
        (input) => handle(processPlatform(), input as Input<O>),
        limits,
      ),
  });
}
