// Builds everything into dist/: WebAssembly kernels, TypeScript, console assets.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dirname, join } from 'node:path';
import { buildKernels } from './build-kernels.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

await buildKernels(root);

const tsc = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', root], {
  cwd: root,
  stdio: 'inherit',
});
if (tsc.status !== 0) process.exit(tsc.status ?? 1);

const consoleBuild = join(root, 'scripts', 'build-console.mjs');
if (existsSync(consoleBuild)) {
  const { buildConsole } = await import(consoleBuild);
  await buildConsole(root);
}
