import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Azurite and the Azure SDKs need at least this Node.js. */
const minimumMajor = 22;

/** The Node.js that child processes run on: this one when it is new enough, else the one the project brings along. */
export function nodeBinary(
  root: string = process.cwd(),
  current: { version: string; path: string } = { version: process.versions.node, path: process.execPath },
): string {
  if (Number.parseInt(current.version, 10) >= minimumMajor) return current.path;
  const bundled = join(root, 'node_modules', 'node', 'bin', 'node');
  return existsSync(bundled) ? bundled : current.path;
}
