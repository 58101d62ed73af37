#!/usr/bin/env node
// Starts the compiled command line on the Node.js that the project brings along, so that the machine's own
// version does not matter.
const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { handOver } = require('../scripts/handOver.cjs');

const root = join(__dirname, '..');
const entry = join(root, 'dist', 'scripts', 'quarterdeck.js');
const bundledNode = join(root, 'node_modules', 'node', 'bin', 'node');

if (!existsSync(entry)) {
  process.stderr.write('quarterdeck is not built yet: run `npm install` and `npm run build` first.\n');
  process.exit(1);
}

const node = existsSync(bundledNode) ? bundledNode : process.execPath;
handOver(node, ['--enable-source-maps', entry, ...process.argv.slice(2)]);
