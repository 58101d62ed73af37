// Builds everything into dist/: WebAssembly kernels, TypeScript, console assets.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dirname, join } from 'node:path';
import { buildConsole } from './build-console.mjs';
import { buildKernels } from './build-kernels.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

await buildKernels(root);
removeOrphans();

const tsc = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', root], {
  cwd: root,
  stdio: 'inherit',
});
if (tsc.status !== 0) process.exit(tsc.status ?? 1);

await buildConsole(root);

/** The host loads every file in dist/functions, and jest every test: what has lost its source must not be there. */
function removeOrphans() {
  for (const folder of ['functions', 'scripts', 'src', 'test']) {
    const compiled = join(root, 'dist', folder);
    if (!existsSync(compiled)) continue;
    for (const name of readdirSync(compiled, { recursive: true }).filter((path) => path.endsWith('.js'))) {
      if (name.startsWith('console/assets')) continue;
      if (existsSync(join(root, folder, name.replace(/\.js$/, '.ts')))) continue;
      rmSync(join(compiled, name));
      rmSync(join(compiled, `${name}.map`), { force: true });
    }
  }
}
