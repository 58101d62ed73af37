import { z } from 'zod';
import { errorAnswerSchema, type Operation } from '../../contracts';

/**
 * The OpenAPI 3.1 document of the operations. JSON Schema 2020-12 is 3.1's own schema language, so zod's output
 * goes in unchanged.
 */
export function openApiDocument(
  operations: readonly Operation[],
  info: { title: string; version: string; description: string },
): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of operations) {
    const path = `/${operation.route}`;
    (paths[path] ??= {})[operation.method.toLowerCase()] = describe(operation);
  }
  return {
    openapi: '3.1.0',
    info,
    paths,
    components: {
      schemas: { Error: jsonSchema(errorAnswerSchema, 'output') },
      securitySchemes: {
        functionKey: { type: 'apiKey', in: 'header', name: 'x-functions-key' },
        functionCode: { type: 'apiKey', in: 'query', name: 'code' },
      },
    },
  };
}

function describe(operation: Operation): Record<string, unknown> {
  return {
    operationId: operation.id,
    summary: operation.summary,
    security: operation.access === 'anonymous' ? [] : [{ functionKey: [] }, { functionCode: [] }],
    parameters: [...parameters('path', operation.params), ...parameters('query', operation.query)],
    ...(operation.body && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: jsonSchema(operation.body, 'input') } },
      },
    }),
    ...(operation.consumes && {
      requestBody: {
        required: true,
        content: Object.fromEntries(operation.consumes.map((mediaType) => [mediaType, {}])),
      },
    }),
    responses: {
      '200': {
        description: 'The answer.',
        content: { 'application/json': { schema: jsonSchema(operation.answer, 'output') } },
      },
      default: {
        description: 'A coded error.',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
      },
    },
  };
}

function parameters(location: 'path' | 'query', schema: z.ZodType | undefined): Record<string, unknown>[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = jsonSchema(schema, 'input') as {
    properties?: Record<string, unknown>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: location,
    required: location === 'path' || required.includes(name),
    schema: property,
  }));
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Record<string, unknown> {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}
