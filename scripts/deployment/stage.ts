import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Output } from '../output';

/** What travels to Azure: the compiled app with its settings for the host, and the packages that it needs there. */
const shipped = [
  'host.json',
  'package.json',
  'package-lock.json',
  'dist/functions',
  'dist/src',
  'dist/scripts',
] as const;

export interface StagedPackage {
  /** Zip for the Functions app. */
  readonly appArchive: string;
  /** Tar for the training machine: the same, and the Node.js binary. */
  readonly trainingArchive: string;
}

/** Copies the package into an empty folder, installs the packages that ship, and packs both archives. */
export function stagePackage(output: Output): StagedPackage {
  const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-deploy-'));
  const app = join(folder, 'app');
  for (const path of shipped) cpSync(resolve(path), join(app, path), { recursive: true });
  output.say('installing the packages that ship');
  run('npm', ['install', '--omit=dev', '--no-audit', '--no-fund', '--loglevel=error'], app);
  removeOtherPlatforms(app);
  const { appArchive, trainingArchive } = packedBefore(folder);
  run('zip', ['-q', '-r', appArchive, '.'], app);
  mkdirSync(join(app, 'node', 'bin'), { recursive: true });
  cpSync(process.execPath, join(app, 'node', 'bin', 'node'));
  chmodSync(join(app, 'node', 'bin', 'node'), 0o755);
  run('tar', ['-czf', trainingArchive, '-C', app, '.'], folder);
  rmSync(app, { recursive: true });
  return { appArchive, trainingArchive };
}

/** Both targets are Linux: the ONNX runtime's libraries for other systems are a third of the package. */
function removeOtherPlatforms(app: string): void {
  const runtimes = join(app, 'node_modules', 'onnxruntime-node', 'bin');
  for (const version of readdirSync(runtimes)) {
    for (const platform of readdirSync(join(runtimes, version))) {
      if (platform !== 'linux') rmSync(join(runtimes, version, platform), { recursive: true });
    }
  }
}

/** The archives of an earlier call, by their names in its folder. */
export function packedBefore(folder: string): StagedPackage {
  return { appArchive: join(folder, 'app.zip'), trainingArchive: join(folder, 'quarterdeck.tgz') };
}

function run(program: string, words: readonly string[], folder: string): void {
  const { status, error } = spawnSync(program, words, { cwd: folder, stdio: ['ignore', 2, 2] });
  if (error) throw new Error(`${program} could not be started: ${error.message}`, { cause: error });
  if (status !== 0) throw new Error(`${program} ${words[0]} ended with exit code ${status}`);
}
