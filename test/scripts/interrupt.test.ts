import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { gone, said } from '../support/processes';

const ctrlC = '\u0003';
const pressAgainEveryMs = 300;

describe('interrupting', () => {
  let dataDir: string;
  let child: ChildProcess | undefined;
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'quarterdeck-interrupt-'));
  });
  afterEach(() => {
    child?.kill('SIGKILL');
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
  });

  /** Runs words of a shell on a terminal of their own, whose keys are the child's standard input. */
  function onTerminal(words: string): ChildProcess {
    return spawn('script', ['-qec', `exec ${words}`, '/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'] });
  }

  const azuriteOf = (folder: string): number =>
    (JSON.parse(readFileSync(join(folder, 'azurite.json'), 'utf8')) as { processId: number }).processId;

  const serve = (): string[] => ['bin/quarterdeck.cjs', 'serve', '--port', '0', '--data-dir', dataDir];

  test('Ctrl-C under a progress bar ends the command with 130', async () => {
    child = onTerminal(`${process.execPath} dist/test/support/stubbornWork.js ${dataDir}`);
    const ended = once(child, 'exit');
    await said(child, /at work/);
    child.stdin!.write(ctrlC);
    expect((await ended)[0]).toBe(130);
    expect(existsSync(join(dataDir, 'azurite.json'))).toBe(false);
  });

  test('another Ctrl-C, later, ends a command that does not end', async () => {
    child = onTerminal(`${process.execPath} dist/test/support/stubbornWork.js ${dataDir} stubborn`);
    const ended = once(child, 'exit');
    await said(child, /at work/);
    const azurite = azuriteOf(dataDir);
    while (child.exitCode === null) {
      child.stdin!.write(ctrlC);
      await Promise.race([ended, delay(pressAgainEveryMs)]);
    }
    expect(child.exitCode).toBe(130);
    await gone(azurite);
  });

  test('Ctrl-C at `serve` on a terminal stops it cleanly', async () => {
    child = onTerminal([process.execPath, ...serve()].join(' '));
    const ended = once(child, 'exit');
    await said(child, /Serving on/);
    const azurite = azuriteOf(dataDir);
    child.stdin!.write(ctrlC);
    expect((await ended)[0]).toBe(0);
    expect(existsSync(join(dataDir, 'azurite.json'))).toBe(false);
    await gone(azurite);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s to the whole group, without a terminal, stops `serve` cleanly',
    async (signal) => {
      child = spawn(process.execPath, serve(), { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
      const ended = once(child, 'exit');
      await said(child, /Serving on/);
      process.kill(-child.pid!, signal);
      expect((await ended)[0]).toBe(0);
      expect(existsSync(join(dataDir, 'azurite.json'))).toBe(false);
    },
  );

  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s to the starting process alone is passed on',
    async (signal) => {
      child = spawn(process.execPath, serve(), { stdio: ['ignore', 'pipe', 'pipe'] });
      const ended = once(child, 'exit');
      await said(child, /Serving on/);
      const azurite = azuriteOf(dataDir);
      child.kill(signal);
      expect((await ended)[0]).toBe(0);
      await gone(azurite);
    },
  );
});
