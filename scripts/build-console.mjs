// Bundles the console's pages into dist/src/console/assets/, so that the app serves every byte it needs.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

export async function buildConsole(root) {
  const pages = join(root, 'src', 'console', 'pages');
  const assets = join(root, 'dist', 'src', 'console', 'assets');
  const check = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', pages], {
    stdio: 'inherit',
  });
  if (check.status !== 0) throw new Error('the console does not type-check');
  mkdirSync(assets, { recursive: true });
  await build({
    entryPoints: [join(pages, 'main.tsx')],
    outfile: join(assets, 'main.js'),
    bundle: true,
    format: 'esm',
    target: 'es2022',
    minify: true,
    sourcemap: true,
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'linked',
    logLevel: 'warning',
  });
  for (const name of ['index.html', 'icon.svg']) copyFileSync(join(pages, name), join(assets, name));
  const styles = ['style.css', 'alerts/alerts.css'].map((name) => readFileSync(join(pages, name), 'utf8'));
  writeFileSync(join(assets, 'style.css'), styles.join(''));
}
