import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { QuarterdeckError } from '../../contracts';
import type { Environment } from '../configuration/environment';
import type { AuthorizationLevel } from './routeTable';

/**
 * The setting that holds the keys, as JSON: `{"master": "…", "host": {"default": "…"}, "functions": {"NAME":
 * {"default": "…"}}}`. Without it nothing asks for a key, as under Core Tools.
 */
export const keysSetting = 'FUNCTIONS_HOST_KEYS';
/** A shorter key can be guessed. */
const shortestKey = 16;

const named = z.record(z.string(), z.string().min(shortestKey));
const schema = z.strictObject({
  master: z.string().min(shortestKey),
  host: named.default({}),
  functions: z.record(z.string(), named).default({}),
});

/** Decides who may call what, as the real host does: function keys, host keys for all functions, the master key. */
export class Keys {
  readonly #keys: z.output<typeof schema> | undefined;

  /** @throws SETTINGS_INVALID naming the setting, never its content. */
  constructor(environment: Environment) {
    const text = environment[keysSetting];
    if (!text) return;
    const parsed = z
      .string()
      .transform((value, context): unknown => {
        try {
          return JSON.parse(value);
        } catch {
          context.addIssue({ code: 'custom', message: 'it is not JSON' });
          return z.NEVER;
        }
      })
      .pipe(schema)
      .safeParse(text);
    if (!parsed.success) {
      const issues = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`.trim());
      throw new QuarterdeckError('SETTINGS_INVALID', `${keysSetting} does not fit: ${issues.join('; ')}`, {
        culprit: { setting: keysSetting },
      });
    }
    this.#keys = parsed.data;
  }

  /** Whether keys are asked for at all. */
  get required(): boolean {
    return this.#keys !== undefined;
  }

  allows(level: AuthorizationLevel, functionName: string, request: IncomingMessage, url: URL): boolean {
    if (!this.#keys || level === 'anonymous') return true;
    const header = request.headers['x-functions-key'];
    const given = (Array.isArray(header) ? header[0] : header) || url.searchParams.get('code');
    if (!given) return false;
    if (same(given, this.#keys.master)) return true;
    if (level === 'admin') return false;
    const own = Object.entries(this.#keys.functions).find(
      ([name]) => name.toLowerCase() === functionName.toLowerCase(),
    );
    return [...Object.values(this.#keys.host), ...Object.values(own?.[1] ?? {})].some((key) =>
      same(given, key),
    );
  }
}

/** Takes the same time wherever the two differ. */
function same(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
