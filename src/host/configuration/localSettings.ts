import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { QuarterdeckError } from '../../contracts';

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);

const schema = z.looseObject({
  IsEncrypted: z.boolean().default(false),
  Values: z.record(z.string(), scalar).default({}),
  Host: z
    .looseObject({
      LocalHttpPort: z.coerce.number().int().min(0).max(65_535).optional(),
      CORS: z.string().optional(),
      CORSCredentials: z.boolean().default(false),
    })
    .prefault({}),
  ConnectionStrings: z.record(z.string(), z.unknown()).optional(),
});

export type LocalSettings = z.output<typeof schema>;

/**
 * local.settings.json as Core Tools reads it; empty when the app has none.
 *
 * @throws SETTINGS_INVALID when it is encrypted (only the tool that wrote it could read it) or malformed.
 */
export function readLocalSettings(root: string): LocalSettings {
  const path = join(root, 'local.settings.json');
  if (!existsSync(path)) return schema.parse({});
  const refuse = (why: string, cause?: unknown) =>
    new QuarterdeckError('SETTINGS_INVALID', `local.settings.json ${why}`, {
      culprit: { file: 'local.settings.json' },
      cause,
    });
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8').replace(/^\u{feff}/u, ''));
  } catch (error) {
    throw refuse('is not JSON', error);
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    const issues = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw refuse(`does not fit: ${issues.join('; ')}`);
  }
  if (parsed.data.IsEncrypted) {
    throw refuse(
      'is encrypted and cannot be read here: run `func settings decrypt`, or set "IsEncrypted": false',
    );
  }
  return parsed.data;
}
