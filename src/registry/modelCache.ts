import { isQuarterdeckError, type Manifest, type ModelVersion, type QuarterdeckError } from '../contracts';
import { resolveAndDecode, type Fallback, type RegistryPlatform, type ResolvedModel } from './resolve';
import { readPointer } from './versions';

/** A model ready for use, without the bytes it came from. */
export interface LoadedModel<T> {
  readonly version: ModelVersion;
  readonly manifest: Manifest;
  readonly value: T;
  readonly fallback: Fallback | undefined;
}

interface Entry<T> {
  readonly loaded: LoadedModel<T>;
  readonly pointerEtag: string | undefined;
  readonly resolvedAtMs: number;
}

const defaultScopes = 32;
/** How long a fallback serves before the wanted version is tried again: reading it costs the whole download. */
const fallbackTrustedMs = 5 * 60_000;

/**
 * Keeps the last good model of each scope in memory. Every `get` looks at the pointer; the files are read only
 * when it moved. While storage cannot be reached, the last good model serves on, and telemetry says so.
 */
export class ModelCache<T> {
  /** In order of last use, for the eviction of the oldest. */
  private readonly entries = new Map<string, Entry<T>>();
  private readonly loading = new Map<string, Promise<LoadedModel<T>>>();
  private readonly scopes: number;

  constructor(options: { readonly scopes?: number } = {}) {
    this.scopes = options.scopes ?? defaultScopes;
  }

  /**
   * @param decode turns the files into the model; what it refuses with a MODEL_* code counts as damaged, and an
   * earlier version is tried.
   * @throws MODEL_MISSING; STORAGE_UNAVAILABLE or CREDENTIAL_REJECTED when nothing was loaded before.
   */
  async get(
    platform: RegistryPlatform,
    scope: string,
    decode: (model: ResolvedModel) => T | Promise<T>,
    signal: AbortSignal,
  ): Promise<LoadedModel<T>> {
    const underway = this.loading.get(scope);
    if (underway) {
      try {
        return await underway;
      } catch (error) {
        // The other caller's limit is not ours.
        if (!isQuarterdeckError(error, 'ABORTED') && !isQuarterdeckError(error, 'DEADLINE_EXCEEDED'))
          throw error;
      }
    }
    const work = this.refresh(platform, scope, decode, signal);
    this.loading.set(scope, work);
    try {
      return await work;
    } finally {
      if (this.loading.get(scope) === work) this.loading.delete(scope);
    }
  }

  private async refresh(
    platform: RegistryPlatform,
    scope: string,
    decode: (model: ResolvedModel) => T | Promise<T>,
    signal: AbortSignal,
  ): Promise<LoadedModel<T>> {
    const known = this.entries.get(scope);
    try {
      if (known && (await isCurrent(platform, scope, known, signal))) {
        this.keep(scope, known);
        return known.loaded;
      }
      const { model, value, pointerEtag } = await resolveAndDecode(platform, scope, signal, decode);
      const { version, manifest, fallback } = model;
      const loaded: LoadedModel<T> = { version, manifest, value, fallback };
      this.keep(scope, { loaded, pointerEtag, resolvedAtMs: platform.clock.now() });
      return loaded;
    } catch (error) {
      if (!known || !isUnreachable(error)) throw error;
      platform.telemetry.log('warning', 'storage cannot be reached, the model in memory is used', {
        scope,
        version: known.loaded.version,
        code: error.code,
      });
      return known.loaded;
    }
  }

  private keep(scope: string, entry: Entry<T>): void {
    this.entries.delete(scope);
    this.entries.set(scope, entry);
    for (const oldest of this.entries.keys()) {
      if (this.entries.size <= this.scopes) break;
      this.entries.delete(oldest);
    }
  }
}

async function isCurrent<T>(
  platform: RegistryPlatform,
  scope: string,
  { loaded, pointerEtag, resolvedAtMs }: Entry<T>,
  signal: AbortSignal,
): Promise<boolean> {
  const trusted = !loaded.fallback || platform.clock.now() - resolvedAtMs < fallbackTrustedMs;
  if (!trusted || pointerEtag === undefined) return false;
  try {
    return (await readPointer(platform, scope, signal))?.etag === pointerEtag;
  } catch (error) {
    // A pointer that cannot be read is the resolution's affair.
    if (isQuarterdeckError(error, 'MODEL_CORRUPT')) return false;
    throw error;
  }
}

function isUnreachable(error: unknown): error is QuarterdeckError {
  return isQuarterdeckError(error, 'STORAGE_UNAVAILABLE') || isQuarterdeckError(error, 'CREDENTIAL_REJECTED');
}
