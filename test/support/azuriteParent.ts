/** Entry of a child process that starts Azurite, says where, and lives on through SIGINT, as a command that closes. */
import { startAzurite } from '../../src/host/azurite';

process.on('SIGINT', () => process.stdout.write('interrupted\n'));
// Its pipe to the test keeps it alive.
process.stdin.resume();
void startAzurite({ inMemory: true }).then(({ connectionString, processId }) =>
  process.stdout.write(`${JSON.stringify({ connectionString, processId })}\n`),
);
