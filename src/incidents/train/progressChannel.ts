import { BroadcastChannel } from 'node:worker_threads';
import type { Progress } from '../../learn/run';

/** How the fit on a worker thread tells the thread that waits for it how far it is; losing a message is harmless. */

/** @returns a function that ends the watching */
export function watchProgress(channel: string, onProgress: (progress: Progress) => void): () => void {
  const broadcast = new BroadcastChannel(channel);
  broadcast.addEventListener('message', (event) => onProgress((event as Event & { data: Progress }).data));
  // A worker that dies must not keep the process alive through its channel.
  broadcast.unref();
  return () => broadcast.close();
}

/** Runs `work` with a function that tells the watcher. */
export async function tellingProgress<T>(
  channel: string,
  work: (tell: (progress: Progress) => void) => Promise<T>,
): Promise<T> {
  const broadcast = new BroadcastChannel(channel);
  try {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has no origin, windows do
    return await work((progress) => broadcast.postMessage(progress));
  } finally {
    broadcast.close();
  }
}
