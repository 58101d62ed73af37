import { useEffect, useState } from 'preact/hooks';
import { ApiError } from './api';

export type Loaded<Value> =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly value: Value }
  | { readonly state: 'failed'; readonly error: ApiError };

/**
 * Loads what a view shows, again whenever `key` changes and, with `everyMs`, from time to time. An answer that
 * comes after the key has changed is dropped; a failed refresh keeps what is shown until the next one.
 */
export function useLoaded<Value>(
  key: string,
  load: (signal: AbortSignal) => Promise<Value>,
  everyMs?: number,
): Loaded<Value> {
  const [loaded, setLoaded] = useState<{ key: string; result: Loaded<Value> }>({
    key,
    result: { state: 'loading' },
  });
  useEffect(() => {
    const controller = new AbortController();
    const refresh = async (): Promise<void> => {
      try {
        const value = await load(controller.signal);
        setLoaded({ key, result: { state: 'ready', value } });
      } catch (error) {
        if (controller.signal.aborted) return;
        const failure = error instanceof ApiError ? error : new ApiError(0, 'UNREACHABLE', String(error));
        setLoaded((before) =>
          before.key === key && before.result.state === 'ready'
            ? before
            : { key, result: { state: 'failed', error: failure } },
        );
      }
    };
    void refresh();
    const timer = everyMs === undefined ? undefined : setInterval(() => void refresh(), everyMs);
    return () => {
      controller.abort();
      clearInterval(timer);
    };
    // `load` is a fresh closure on every render; `key` says when it means something else.
  }, [key]);
  return loaded.key === key ? loaded.result : { state: 'loading' };
}
