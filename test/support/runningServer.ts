import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface RunningServer {
  readonly url: string;
  /** Everything that it has written so far. */
  output(): string;
  /** Ends it as Ctrl-C does; the exit code. */
  stop(): Promise<number | null>;
}

const serving = /^Serving on (http:\/\/\S+)/m;

/**
 * The real app in a process of its own, as `quarterdeck serve` starts it, on empty tables and the given storage.
 * @param settings by variable name, over those of this process
 */
export async function startServer(
  storage: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<RunningServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'quarterdeck-serve-'));
  const child = spawn(
    process.execPath,
    ['dist/scripts/quarterdeck.js', 'serve', '--port', '0', '--data-dir', dataDir],
    { env: { ...process.env, ...settings, AzureWebJobsStorage: storage }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: unknown): void => {
      output += String(chunk);
      const found = serving.exec(output);
      if (found) resolve(found[1]!);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('exit', (code) =>
      reject(new Error(`the server ended with ${code} before it served:\n${output}`)),
    );
  });
  return {
    url,
    output: () => output,
    async stop() {
      if (child.exitCode === null) {
        const exited = once(child, 'exit');
        child.kill('SIGINT');
        await exited;
      }
      await rm(dataDir, { recursive: true, force: true });
      return child.exitCode;
    },
  };
}
