import { app } from '@azure/functions';
import { consoleAsset, consoleHeaders } from '../src/console/assets';

app.http('console', {
  methods: ['GET', 'HEAD'],
  route: '{*path}',
  authLevel: 'anonymous',
  handler: (request) => {
    const asset = consoleAsset(request.params['path'] ?? '');
    if (!asset) return { status: 404, body: 'not found' };
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
