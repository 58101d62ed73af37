import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

export interface ConsoleAsset {
  readonly contentType: string;
  readonly etag: string;
  readonly bytes: Uint8Array;
  readonly gzipped: Uint8Array;
}

/** The only files there are: a request names one of these addresses or gets nothing. */
const files: Readonly<Record<string, { file: string; contentType: string }>> = {
  '': { file: 'index.html', contentType: 'text/html; charset=utf-8' },
  'console/main.js': { file: 'main.js', contentType: 'text/javascript; charset=utf-8' },
  'console/style.css': { file: 'style.css', contentType: 'text/css; charset=utf-8' },
  'console/icon.svg': { file: 'icon.svg', contentType: 'image/svg+xml' },
  'console/main.js.LEGAL.txt': { file: 'main.js.LEGAL.txt', contentType: 'text/plain; charset=utf-8' },
};

const loaded = new Map<string, ConsoleAsset>();

/** The console's file at an address below the root, or undefined. Files are read once. */
export function consoleAsset(path: string): ConsoleAsset | undefined {
  const known = Object.hasOwn(files, path) ? files[path] : undefined;
  if (!known) return undefined;
  const cached = loaded.get(path);
  if (cached) return cached;
  const bytes = readFileSync(join(__dirname, 'assets', known.file));
  const asset: ConsoleAsset = {
    contentType: known.contentType,
    etag: `"${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}"`,
    bytes,
    gzipped: gzipSync(bytes),
  };
  loaded.set(path, asset);
  return asset;
}

/** Nothing is loaded from elsewhere, nothing embeds the page, nothing inline runs. */
export const consoleHeaders: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
};
