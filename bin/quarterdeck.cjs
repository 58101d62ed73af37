#!/usr/bin/env node
// Starts the compiled command line on the Node.js that the project brings along, so that the machine's own
// version does not matter.
const { spawn } = require('node:child_process');
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');
const entry = join(root, 'dist', 'scripts', 'quarterdeck.js');
const bundledNode = join(root, 'node_modules', 'node', 'bin', 'node');

if (!existsSync(entry)) {
  process.stderr.write('quarterdeck is not built yet: run `npm install` and `npm run build` first.\n');
  process.exit(1);
}

const node = existsSync(bundledNode) ? bundledNode : process.execPath;
const child = spawn(node, ['--enable-source-maps', entry, ...process.argv.slice(2)], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
