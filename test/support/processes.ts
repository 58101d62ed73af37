import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

const lookEveryMs = 50;

/** What a child says on its standard output up to the first match; rejects when it ends without one. */
export function said(child: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> {
  let heard = '';
  return new Promise((resolve, reject) => {
    const listen = (chunk: unknown): void => {
      heard += String(chunk);
      const found = pattern.exec(heard);
      if (!found) return;
      child.stdout?.off('data', listen);
      resolve(found);
    };
    child.stdout?.on('data', listen);
    child.once('exit', (code, signal) =>
      reject(new Error(`ended with ${code ?? signal} and did not say ${pattern}:\n${heard}`)),
    );
  });
}

/** Resolves when no process has this id any more. */
export async function gone(processId: number): Promise<void> {
  while (isAlive(processId)) await delay(lookEveryMs);
}

export function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
  }
}
