/**
 * Entry of a child process that runs a command which draws a progress bar; with `stubborn` it takes no notice of being
 * interrupted. Words: the data folder, then `stubborn` or nothing.
 */
import { once } from 'node:events';
import { runSession } from '../../scripts/session';

const [dataDir, how] = process.argv.slice(2);

void runSession({ dataDir: dataDir! }, async ({ output, signal }) => {
  output.progress('working').update(1, 10);
  output.say('at work');
  await once(signal, 'abort');
  output.say('interrupted once');
  // Like a connection that nobody closes.
  if (how === 'stubborn') await new Promise(() => setInterval(() => {}, 60_000));
});
