// Hands this process over to another program: its streams, the signals, and the exit code. Plain JavaScript, since it
// runs before anything is built.
const { spawn } = require('node:child_process');
const { constants } = require('node:os');

/** Of a shell: 128 and the number of the signal that ended it. */
const signalBase = 128;

/** Runs the program to its end and ends with its code. */
exports.handOver = function handOver(program, words, options = {}) {
  const child = spawn(program, words, { stdio: 'inherit', ...options });
  // A terminal sends Ctrl-C to the program itself as well; told twice, it would take the second for impatience.
  const onTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  process.on('SIGINT', () => {
    if (!onTerminal) child.kill('SIGINT');
  });
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`${program} cannot be started: ${error.message}\n`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(code ?? signalBase + constants.signals[signal]));
};
