import type { ServerResponse } from 'node:http';
import type { CookieData, HttpData } from '../app/functionsCore';

/** Set by the server from what it sends, whatever the function says. */
const ownHeaders = new Set(['connection', 'content-length', 'keep-alive', 'transfer-encoding', 'upgrade']);

/** An answer without a body, as the real host gives for what it refuses itself. */
export function sendEmpty(response: ServerResponse, status: number): void {
  if (response.headersSent) return;
  response.statusCode = status;
  if (status !== 204) response.setHeader('content-length', 0);
  response.end();
}

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.statusCode = status;
  response.setHeader('content-type', 'application/json; charset=utf-8');
  response.end(JSON.stringify(value));
}

/** Sends what `@azure/functions` made of the function's return value. */
export function sendResponse(response: ServerResponse, data: HttpData): void {
  response.statusCode = Number(data.statusCode ?? 200);
  for (const [name, value] of Object.entries(data.headers ?? {})) {
    if (!ownHeaders.has(name.toLowerCase())) response.setHeader(name, value);
  }
  if (data.cookies && data.cookies.length > 0) {
    response.appendHeader('set-cookie', data.cookies.map(serializeCookie));
  }
  const body = data.body?.bytes;
  const withoutBody = response.statusCode === 204 || response.statusCode === 304;
  if (!withoutBody) response.setHeader('content-length', body?.length ?? 0);
  response.end(withoutBody ? undefined : body);
}

/** The form of ASP.NET Core's SetCookieHeaderValue: the value encoded, the path `/` unless another is given. */
export function serializeCookie(cookie: CookieData): string {
  const parts = [`${cookie.name}=${encodeURIComponent(cookie.value)}`];
  const seconds = cookie.expires?.value?.seconds;
  if (seconds !== undefined) parts.push(`expires=${new Date(seconds * 1000).toUTCString()}`);
  if (cookie.maxAge?.value !== undefined) parts.push(`max-age=${cookie.maxAge.value}`);
  if (cookie.domain?.value) parts.push(`domain=${cookie.domain.value}`);
  parts.push(`path=${cookie.path?.value || '/'}`);
  if (cookie.secure?.value) parts.push('secure');
  if (cookie.sameSite === 'lax' || cookie.sameSite === 'strict') parts.push(`samesite=${cookie.sameSite}`);
  if (cookie.sameSite === 'explicitNone') parts.push('samesite=none');
  if (cookie.httpOnly?.value) parts.push('httponly');
  return parts.join('; ');
}
