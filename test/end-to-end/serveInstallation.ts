import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { variables } from '../../src/platform/settings/variables';
import { said } from '../support/processes';

const newYearsMorning = '0 0 5 1 1 *';

/** `quarterdeck serve` on a free port; no timer fires of itself. */
export async function serveInstallation(
  environment: NodeJS.ProcessEnv,
): Promise<{ url: string; stop: () => Promise<void> }> {
  const timers = Object.keys(variables).filter((name) => name.endsWith('_SCHEDULE'));
  const schedules = Object.fromEntries(timers.map((name) => [name, newYearsMorning]));
  const child = spawn(process.execPath, ['dist/scripts/quarterdeck.js', 'serve', '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...environment, ...schedules },
  });
  const url = (await said(child, /^Serving on (http:\/\/\S+)/m))[1]!;
  return {
    url,
    async stop() {
      if (child.exitCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGINT');
      await exited;
    },
  };
}
