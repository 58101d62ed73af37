/** Where a request goes: the path decoded as Kestrel decodes it, and the address as the client wrote it. */
export interface RequestTarget {
  readonly path: string;
  readonly url: URL;
}

/** Kestrel's limit for the request line. */
const longestTarget = 8_192;
const printable = /^[\u0021-\u007e]+$/;
const hostName = /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;

/**
 * Reads the request line and the Host header. The path is percent-decoded once, except `%2F`, which stays text
 * inside its segment; what is not UTF-8 stays as it was sent; then dot segments are resolved.
 *
 * @returns the HTTP status to refuse with when it cannot be read.
 */
export function readTarget(target: string, host: string | undefined): RequestTarget | number {
  if (target.length > longestTarget) return 414;
  if (!printable.test(target)) return 400;
  const relative = /^https?:\/\/[^/?#]*(.*)$/i.exec(target)?.[1] ?? target;
  const origin = relative.startsWith('/') ? relative : `/${relative}`;
  if (target === '*' || (relative !== '' && !relative.startsWith('/') && !relative.startsWith('?')))
    return 400;
  if (host === undefined || !hostName.test(host)) return 400;
  const [rawPath = '/', ...query] = origin.split('#')[0]!.split('?');
  const decoded = decodePath(rawPath);
  if (decoded.includes('\0')) return 400;
  const search = query.length > 0 ? `?${query.join('?')}` : '';
  const address = `http://${host}${rawPath}${search}`;
  return URL.canParse(address) ? { path: removeDotSegments(decoded), url: new URL(address) } : 400;
}

function decodePath(path: string): string {
  return path.replace(/(?:%[0-9a-f]{2})+/gi, (run) =>
    run
      .split(/(%2f)/i)
      .map((piece) => (/^%2f$/i.test(piece) ? piece : decodeUtf8(piece)))
      .join(''),
  );
}

function decodeUtf8(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}

function removeDotSegments(path: string): string {
  const kept: string[] = [];
  const segments = path.split('/').slice(1);
  for (const [index, segment] of segments.entries()) {
    const isLast = index === segments.length - 1;
    if (segment === '.' || segment === '..') {
      if (segment === '..') kept.pop();
      if (isLast) kept.push('');
    } else kept.push(segment);
  }
  return `/${kept.join('/')}`;
}
