import {
  isQuarterdeckError,
  QuarterdeckError,
  toTimestamp,
  type ModelVersion,
  type Pointer,
} from '../contracts';
import type { GateResult } from './gate';
import { jsonBytes, readIfThere } from './jsonBlobs';
import {
  checkVersion,
  compareVersions,
  filePath,
  manifestFile,
  nameOfScope,
  pointerPath,
  promotionFile,
  versionPath,
  withdrawalFile,
} from './paths';
import { readVersion, type RegistryPlatform } from './resolve';
import { listVersions, readPointer } from './versions';

export interface PromotionOrder {
  /** Who or what asked for it. */
  readonly by: string;
  readonly reason: string;
  readonly gate?: GateResult;
}

/**
 * Makes a version the scope's `current`, after reading it whole and checking its gate. The pointer is swapped
 * under its ETag; the loser of a race looks again. Asking twice for the same version changes nothing.
 *
 * @throws GATE_REFUSED, MODEL_MISSING, MODEL_CORRUPT, and PROMOTION_LOST when `current` is a later version.
 */
export async function promoteVersion(
  platform: RegistryPlatform,
  scope: string,
  version: ModelVersion,
  order: PromotionOrder,
  signal: AbortSignal,
): Promise<Pointer> {
  checkVersion(version);
  if (order.gate && !order.gate.passed) {
    const refused = order.gate.checks.filter((check) => !check.passed);
    const reason = refused.map((check) => check.name).join(', ');
    platform.telemetry.metric('model.gate.refused', 1, { scope, reason });
    throw new QuarterdeckError(
      'GATE_REFUSED',
      `${nameOfScope(scope)} ${version}: ${refused.map((check) => check.reason).join('; ')}`,
      { culprit: { blob: scope, checks: reason } },
    );
  }
  await readVersion(platform, scope, version, signal);
  for (;;) {
    const current = await currentPointer(platform, scope, signal);
    if (current.pointer?.version === version) return current.pointer;
    if (current.pointer && compareVersions(version, current.pointer.version) < 0) {
      throw new QuarterdeckError(
        'PROMOTION_LOST',
        `${nameOfScope(scope)}: ${current.pointer.version} is current, which is later than ${version}`,
        { culprit: { blob: pointerPath(scope) } },
      );
    }
    await markPromoted(platform, scope, version, order, signal);
    const previous = current.pointer?.version ?? (await lastGoodBefore(platform, scope, version, signal));
    const pointer = newPointer(platform, version, previous, order);
    if (await swapPointer(platform, scope, pointer, current.etag, signal)) {
      platform.telemetry.metric('model.promoted', 1, { scope, version });
      return pointer;
    }
  }
}

/**
 * Goes back to `to`, or to the version before `current`. What is left behind is withdrawn: no fallback chooses
 * it, until it is promoted again by name.
 *
 * @throws MODEL_MISSING when there is nothing to go back to, MODEL_CORRUPT when that is damaged, INPUT_INVALID when
 * `to` is later than `current`, GATE_REFUSED when it never passed its gate, PROMOTION_LOST when somebody moved the
 * pointer meanwhile.
 */
export async function rollback(
  platform: RegistryPlatform,
  scope: string,
  order: Omit<PromotionOrder, 'gate'> & { readonly to?: ModelVersion },
  signal: AbortSignal,
): Promise<Pointer> {
  const { pointer: current, etag } = await currentPointer(platform, scope, signal);
  const target =
    order.to ??
    (current && (current.previous ?? (await lastGoodBefore(platform, scope, current.version, signal))));
  if (!current || !target || target === current.version) {
    throw new QuarterdeckError(
      'MODEL_MISSING',
      `${nameOfScope(scope)}: there is no earlier version to go back to`,
      {
        culprit: { blob: pointerPath(scope) },
      },
    );
  }
  await checkWayBack(platform, scope, current.version, target, signal);
  await readVersion(platform, scope, target, signal);
  const withdrawal = { withdrawnAt: toTimestamp(platform.clock.now()), by: order.by, reason: order.reason };
  await platform.blobs.write(filePath(scope, current.version, withdrawalFile), jsonBytes(withdrawal), {
    contentType: 'application/json',
    signal,
  });
  const previous = await lastGoodBefore(platform, scope, target, signal);
  const pointer = newPointer(platform, target, previous, order);
  if (await swapPointer(platform, scope, pointer, etag, signal)) return pointer;
  throw new QuarterdeckError(
    'PROMOTION_LOST',
    `${nameOfScope(scope)}: the pointer moved during the rollback`,
    {
      culprit: { blob: pointerPath(scope) },
    },
  );
}

/** Going back is no way around the gate. */
async function checkWayBack(
  platform: RegistryPlatform,
  scope: string,
  current: ModelVersion,
  target: ModelVersion,
  signal: AbortSignal,
): Promise<void> {
  const culprit = { blob: versionPath(scope, target) };
  if (compareVersions(target, current) > 0) {
    throw new QuarterdeckError(
      'INPUT_INVALID',
      `${nameOfScope(scope)}: ${target} is later than ${current}; promote it`,
      {
        culprit,
      },
    );
  }
  if (!(await platform.blobs.exists(filePath(scope, target, manifestFile), signal))) return;
  if (!(await platform.blobs.exists(filePath(scope, target, promotionFile), signal))) {
    throw new QuarterdeckError(
      'GATE_REFUSED',
      `${nameOfScope(scope)}: ${target} was never promoted through its gate`,
      {
        culprit,
      },
    );
  }
}

interface CurrentPointer {
  /** Undefined when there is none, or it cannot be read. */
  readonly pointer: Pointer | undefined;
  /** Of the blob, readable or not; undefined when there is none. */
  readonly etag: string | undefined;
}

/** A damaged pointer does not stop a promotion: it is replaced, under its ETag. */
async function currentPointer(
  platform: RegistryPlatform,
  scope: string,
  signal: AbortSignal,
): Promise<CurrentPointer> {
  try {
    const found = await readPointer(platform, scope, signal);
    return { pointer: found?.pointer, etag: found?.etag };
  } catch (error) {
    if (!isQuarterdeckError(error, 'MODEL_CORRUPT')) throw error;
    platform.telemetry.exception(error, { scope });
    const blob = await readIfThere(platform, pointerPath(scope), signal);
    return { pointer: undefined, etag: blob?.etag };
  }
}

/** Writes the pointer where `etag` still stands (or nothing, when undefined); false when somebody was faster. */
async function swapPointer(
  platform: RegistryPlatform,
  scope: string,
  pointer: Pointer,
  etag: string | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await platform.blobs.write(pointerPath(scope), jsonBytes(pointer), {
      ...(etag === undefined ? { create: true } : { ifMatch: etag }),
      contentType: 'application/json',
      signal,
    });
    return true;
  } catch (error) {
    if (isQuarterdeckError(error, 'BLOB_EXISTS') || isQuarterdeckError(error, 'BLOB_CHANGED')) return false;
    throw error;
  }
}

async function markPromoted(
  platform: RegistryPlatform,
  scope: string,
  version: ModelVersion,
  order: PromotionOrder,
  signal: AbortSignal,
): Promise<void> {
  const promotion = {
    promotedAt: toTimestamp(platform.clock.now()),
    by: order.by,
    reason: order.reason,
    checks: order.gate?.checks ?? [],
  };
  await platform.blobs.write(filePath(scope, version, promotionFile), jsonBytes(promotion), {
    contentType: 'application/json',
    signal,
  });
  await platform.blobs.delete(filePath(scope, version, withdrawalFile), signal);
}

async function lastGoodBefore(
  platform: RegistryPlatform,
  scope: string,
  version: ModelVersion,
  signal: AbortSignal,
): Promise<ModelVersion | null> {
  const entries = await listVersions(platform, scope, signal);
  const good = entries.filter(
    (entry) => entry.promoted && !entry.withdrawn && compareVersions(entry.version, version) < 0,
  );
  return good.at(-1)?.version ?? null;
}

function newPointer(
  platform: RegistryPlatform,
  version: ModelVersion,
  previous: ModelVersion | null,
  order: { readonly by: string; readonly reason: string },
): Pointer {
  return {
    version,
    previous,
    promotedAt: toTimestamp(platform.clock.now()),
    promotedBy: order.by,
    reason: order.reason,
  };
}
