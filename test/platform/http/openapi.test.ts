import { describe, expect, test } from '@jest/globals';
import { operations } from '../../../src/contracts';
import { openApiDocument } from '../../../src/platform/http/openapi';

interface Described {
  parameters: { name: string; in: string; required: boolean }[];
  requestBody?: {
    content: Record<string, { schema: { additionalProperties?: boolean; required: string[] } }>;
  };
  security: unknown[];
}

const document = openApiDocument(Object.values(operations), { title: 't', version: '1', description: 'd' });
const paths = document['paths'] as Record<string, Record<string, Described>>;

describe('the OpenAPI document', () => {
  test('has every operation once, under its own route and method', () => {
    const listed = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect(listed.sort()).toEqual(
      Object.values(operations)
        .map(({ method, route }) => `${method.toLowerCase()} /${route}`)
        .sort(),
    );
  });

  test('names every path parameter of its route, and nothing else, as required', () => {
    for (const [path, methods] of Object.entries(paths)) {
      const inTemplate = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      for (const { parameters } of Object.values(methods)) {
        const inPath = parameters.filter((parameter) => parameter.in === 'path');
        expect(inPath.map(({ name }) => name)).toEqual(inTemplate);
        expect(inPath.every(({ required }) => required)).toBe(true);
      }
    }
  });

  test('says that unknown fields are refused, and which fields a body needs', () => {
    const body = paths['/api/incidents/classify']!['post']!.requestBody!.content['application/json']!.schema;
    expect(body.additionalProperties).toBe(false);
    expect(body.required).toEqual(['techCenter', 'texts']);
  });

  test('only health is open to everybody', () => {
    const open = Object.entries(paths).filter(([, methods]) =>
      Object.values(methods).some(({ security }) => security.length === 0),
    );
    expect(open.map(([path]) => path)).toEqual(['/api/health']);
  });
});
