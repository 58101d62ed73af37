/**
 * The process that the host's benchmark measures: starts the functions app of the working directory on a free
 * port, says where it is on its standard output, and stops when its input ends.
 */
import { startHost } from '../../src/host';

async function main(): Promise<void> {
  const host = await startHost({ root: process.cwd(), port: 0, schedulesEnabled: false });
  process.stdout.write(`${host.url}\n`);
  process.stdin.resume();
  process.stdin.once('end', () => void host.stop());
}

void main();
