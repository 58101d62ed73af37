import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface RunningQuickstart {
  readonly url: string;
  readonly dataDir: string;
  /** Ends it as Ctrl-C does, if it has not ended; the exit code. */
  stop(): Promise<number | null>;
}

const serving = /^Serving on (http:\/\/\S+)/m;

/** Starts the quickstart as a user does, on a small demo, and waits until it serves. */
export async function startQuickstart(words: readonly string[]): Promise<RunningQuickstart> {
  const dataDir = mkdtempSync(join(tmpdir(), 'quarterdeck-quickstart-'));
  const child = spawn(
    process.execPath,
    [
      'dist/scripts/quarterdeck.js',
      'quickstart',
      '--port',
      '0',
      '--servers',
      '0',
      '--storms',
      '0',
      '--data-dir',
      dataDir,
      ...words,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const url = await servingUrl(child);
  return {
    url,
    dataDir,
    async stop() {
      if (child.exitCode === null) {
        const exited = once(child, 'exit');
        child.kill('SIGINT');
        await exited;
      }
      rmSync(dataDir, { recursive: true, force: true });
      return child.exitCode;
    },
  };
}

function servingUrl(child: ChildProcess): Promise<string> {
  let output = '';
  return new Promise((resolve, reject) => {
    const read = (chunk: unknown): void => {
      output += String(chunk);
      const found = serving.exec(output);
      if (found) resolve(found[1]!);
    };
    child.stdout!.on('data', read);
    child.stderr!.on('data', read);
    child.on('exit', (code) =>
      reject(new Error(`quickstart ended with ${code} before it served:\n${output}`)),
    );
  });
}
