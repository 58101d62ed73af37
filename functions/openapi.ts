import { app } from '@azure/functions';
import { codeVersion, operations } from '../src/contracts';
import { openApiDocument } from '../src/platform/http/openapi';

const description = 'Incident clusters, their tickets, and the pipelines that make them.';

app.http('openapi', {
  methods: ['GET'],
  route: 'api/openapi.json',
  authLevel: 'anonymous',
  handler: () => ({
    jsonBody: openApiDocument(Object.values(operations), {
      title: 'Quarterdeck',
      version: codeVersion,
      description,
    }),
  }),
});
