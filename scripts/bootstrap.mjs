// The two commands of a fresh clone. Plain JavaScript on whatever Node.js the machine has, because nothing is
// installed yet: it installs, builds, and hands over to the project's own Node.js.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { handOver } from './handOver.cjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const modules = join(root, 'node_modules');
const node = join(modules, 'node', 'bin', 'node');
const [command, ...rest] = process.argv.slice(2);

/** Runs a program to its end; returns its exit code. */
function run(program, args, options = {}) {
  const { status, error } = spawnSync(program, args, { cwd: root, stdio: 'inherit', ...options });
  if (error) throw error;
  return status ?? 1;
}

function orStop(code) {
  if (code !== 0) process.exit(code);
}

/** Whether node_modules holds what the committed lock names, packages for other platforms aside. */
function isInstalled() {
  const record = join(modules, '.package-lock.json');
  if (!existsSync(node) || !existsSync(record)) return false;
  const packagesOf = (path) => JSON.parse(readFileSync(path, 'utf8')).packages;
  const installed = packagesOf(record);
  return Object.entries(packagesOf(join(root, 'package-lock.json'))).every(
    ([path, { version, optional }]) => path === '' || optional || installed[path]?.version === version,
  );
}

function install() {
  if (isInstalled() && command !== 'verify') return;
  process.stderr.write('Installing packages…\n');
  orStop(run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], { stdio: ['ignore', 2, 2] }));
}

function build() {
  orStop(run(node, ['scripts/build.mjs'], { stdio: ['ignore', 2, 2] }));
}

function verify() {
  const results = join(root, 'dist', 'test-results.json');
  const stage = (name, code) => {
    if (code === 0) return;
    process.stdout.write(`verify stopped: ${name} failed\n0 passed, 1 failed\n`);
    process.exit(1);
  };
  stage('lint', run(node, ['node_modules/oxlint/bin/oxlint', '--type-aware', '--max-warnings', '0']));
  stage(
    'format',
    run(node, ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.']),
  );
  stage(
    'architecture',
    run(node, [
      'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
      '--config',
      '.dependency-cruiser.cjs',
      'dist',
    ]),
  );
  rmSync(results, { force: true });
  const code = run(node, ['node_modules/jest/bin/jest.js', '--json', '--outputFile', results], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(
    readFileSync(results, 'utf8'),
  );
  const failed = numFailedTests + numRuntimeErrorTestSuites;
  process.stdout.write(`${numPassedTests} passed, ${failed} failed\n`);
  process.exit(code === 0 && failed === 0 && numPassedTests > 0 ? 0 : 1);
}

install();
if (command === 'verify') {
  const code = run(node, ['scripts/build.mjs']);
  if (code !== 0) {
    process.stdout.write('verify stopped: build failed\n0 passed, 1 failed\n');
    process.exit(code);
  }
  verify();
} else {
  build();
  handOver(node, ['--enable-source-maps', 'dist/scripts/quarterdeck.js', command, ...rest], { cwd: root });
}
