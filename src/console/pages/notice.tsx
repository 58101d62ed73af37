import type { Loaded } from './load';

/** What stands where something is still loading or could not be loaded. */
export function Notice({ loaded, what }: { loaded: Loaded<unknown>; what: string }) {
  if (loaded.state === 'loading') return <p class="notice">Loading {what}…</p>;
  if (loaded.state === 'ready') return null;
  return (
    <p class="notice failed" role="alert">
      {what}: {loaded.error.message} <code>{loaded.error.code}</code>
    </p>
  );
}
