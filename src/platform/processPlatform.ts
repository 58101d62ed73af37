import { composePlatform } from './compose';
import type { Platform } from './platform';

let shared: Platform | undefined;

/** The one Platform of this process, made from its environment at the first call. Throws SETTINGS_INVALID. */
export function processPlatform(): Platform {
  return (shared ??= composePlatform(process.env));
}

/** Closes it, if there is one; the next call of `processPlatform` makes another. */
export async function closeProcessPlatform(): Promise<void> {
  const closing = shared;
  shared = undefined;
  await closing?.close();
}
