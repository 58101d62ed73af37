import { modelVersionSchema, type ModelVersion } from '../../../contracts';

/**
 * Versions contain slashes (`2026/q3/r1`), which an address cannot: in `/v2` they are spelled `2026-q3-r1`.
 * The registry's own spelling is understood too where it comes percent-encoded.
 */
export function versionName(version: ModelVersion): string {
  return version.replaceAll('/', '-');
}

/** @returns undefined when no version is ever spelled like that */
export function versionOfName(name: string): ModelVersion | undefined {
  const parsed = modelVersionSchema.safeParse(name.replaceAll(/-|%2f/gi, '/'));
  return parsed.success ? parsed.data : undefined;
}
