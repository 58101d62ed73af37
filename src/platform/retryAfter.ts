/**
 * Reads a Retry-After header (RFC 9110, section 10.2.3): seconds or an HTTP date, or Azure's own
 * `retry-after-ms` / `x-ms-retry-after-ms`.
 * @returns milliseconds, or undefined when there is none or it cannot be read.
 */
export function retryAfterMs(
  header: (name: string) => string | null | undefined,
  nowMs: number,
): number | undefined {
  for (const name of ['retry-after-ms', 'x-ms-retry-after-ms']) {
    const milliseconds = header(name);
    if (milliseconds && /^\d{1,12}$/.test(milliseconds.trim())) return Number(milliseconds);
  }
  const value = header('retry-after')?.trim();
  if (!value) return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1_000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}
