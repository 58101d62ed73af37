import type NodeModule from 'node:module';
import { join, sep } from 'node:path';

/**
 * The process's own module loader. Taken from the process and not imported, because a test sandbox replaces
 * `node:module` by its own, while the app must load as it does in production.
 */
interface ModuleInternals {
  _load(request: string, parent: unknown, isMain: boolean): unknown;
  _cache: Record<string, unknown>;
  createRequire: typeof NodeModule.createRequire;
}
const loader = process.getBuiltinModule('node:module') as unknown as ModuleInternals;

/** Modules that this process provides under a name that is no package; the latest provider comes first. */
const provided: { name: string; exports: unknown }[] = [];
const originalLoad = loader._load.bind(loader);
let intercepting = false;

/**
 * Makes `require(name)` give `exports` in every file that is loaded from now on. Returns what undoes it.
 */
export function provideModule(name: string, exports: unknown): () => void {
  if (!intercepting) {
    intercepting = true;
    loader._load = (request, parent, isMain) =>
      provided.find((module) => module.name === request)?.exports ?? originalLoad(request, parent, isMain);
  }
  const entry = { name, exports };
  provided.unshift(entry);
  return () => {
    const index = provided.indexOf(entry);
    if (index >= 0) provided.splice(index, 1);
  };
}

let generation = 0;

/**
 * A `require` for the app at `root` that runs its entry files and the named packages anew, so that one process
 * can start the app again: registrations live in module scope. Everything else is shared with the process.
 */
export function freshModules(
  root: string,
  packages: readonly string[],
  folders: readonly string[],
): { require: NodeJS.Require; generation: number } {
  const require = loader.createRequire(join(root, 'package.json'));
  const files = new Set(packages.map((name) => require.resolve(name)));
  const prefixes = folders.map((folder) => join(root, folder) + sep);
  for (const path of Object.keys(loader._cache)) {
    const isEntry =
      prefixes.some((prefix) => path.startsWith(prefix)) && !path.includes(`${sep}node_modules${sep}`);
    if (isEntry || files.has(path)) delete loader._cache[path];
  }
  generation += 1;
  return { require, generation };
}
