import { app, type HttpResponseInit } from '@azure/functions';
import { consoleAsset, consoleHeaders } from '../src/console/assets';

/** The catch-all route sees addresses of the API that do not exist, too: those are answered as the API answers. */
function notFound(path: string, requestId: string): HttpResponseInit {
  if (!path.startsWith('api/')) return { status: 404, body: 'not found' };
  const message = `there is no /${path}; /api/openapi.json lists what there is`;
  return { status: 404, jsonBody: { error: { code: 'NOT_FOUND', message, requestId } } };
}

app.http('console', {
  methods: ['GET', 'HEAD'],
  route: '{*path}',
  authLevel: 'anonymous',
  handler: (request, context) => {
    const asset = consoleAsset(request.params['path'] ?? '');
    if (!asset) return notFound(request.params['path'] ?? '', context.invocationId);
    const headers = {
      ...consoleHeaders,
      'content-type': asset.contentType,
      etag: asset.etag,
      vary: 'accept-encoding',
    };
    if (request.headers.get('if-none-match') === asset.etag) return { status: 304, headers };
    const zip = /\bgzip\b/.test(request.headers.get('accept-encoding') ?? '');
    return {
      headers: zip ? { ...headers, 'content-encoding': 'gzip' } : headers,
      body: zip ? asset.gzipped : asset.bytes,
    };
  },
});
