import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { hostJsonSchema } from '../../src/host/configuration/hostJson';
import { variables } from '../../src/platform/settings/variables';

interface Loaded {
  readonly functions: {
    name: string;
    bindings: Record<string, { type: string; route?: string; connection?: string }>;
  }[];
  readonly files: string[];
}

const root = process.cwd();
const read = (file: string): unknown => JSON.parse(readFileSync(join(root, file), 'utf8'));
const lock = read('package-lock.json') as { packages: Record<string, { dev?: boolean; optional?: boolean }> };
const loaded = JSON.parse(
  execFileSync(process.execPath, [join(root, 'test', 'fixtures', 'host', 'loadAsWorker.cjs')], {
    cwd: root,
    encoding: 'utf8',
  }),
) as Loaded;
const loadedFiles = loaded.files.map((file) => relative(root, file));

describe('the folder that is deployed', () => {
  test('every function file is compiled to where package.json says', () => {
    expect((read('package.json') as { main: string }).main).toBe('dist/functions/*.js');
    const sources = readdirSync(join(root, 'functions')).filter((file) => file.endsWith('.ts'));
    expect(sources.length).toBeGreaterThan(0);
    for (const source of sources) {
      expect(existsSync(join(root, 'dist', 'functions', source.replace(/\.ts$/, '.js')))).toBe(true);
    }
  });

  test('loads under the require that the real worker gives, and registers its functions', () => {
    expect(loaded.functions.length).toBeGreaterThan(0);
    const names = loaded.functions.map(({ name }) => name.toLowerCase());
    expect(new Set(names).size).toBe(names.length);
  });

  test('loads nothing of the local host and no package that is not deployed', () => {
    expect(loadedFiles.filter((file) => file.startsWith(join('dist', 'src', 'host')))).toEqual([]);
    const packages = new Set(
      loadedFiles.flatMap((file) => /^(node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []),
    );
    expect(packages).toContain('node_modules/@azure/functions');
    expect([...packages].filter((name) => lock.packages[name]?.dev === true)).toEqual([]);
  });

  test('loads no heavy engine before it is needed', () => {
    const heavy = /node_modules\/(?:onnxruntime-node|@google-cloud|@duckdb|openai|applicationinsights)\//;
    expect(loadedFiles.filter((file) => heavy.test(file))).toEqual([]);
  });

  test('host.json has only sections that Azure knows, and the bundle with the storage extensions', () => {
    const host = read('host.json') as Record<string, unknown>;
    const known = ['version', 'functionTimeout', 'logging', 'extensions', 'extensionBundle', 'healthMonitor'];
    expect(Object.keys(host).filter((name) => !known.includes(name))).toEqual([]);
    expect(host['extensionBundle']).toEqual({
      id: 'Microsoft.Azure.Functions.ExtensionBundle',
      version: '[4.*, 5.0.0)',
    });
    const { extensions } = hostJsonSchema.parse(host);
    expect(extensions.http.routePrefix).toBe('');
    expect(extensions.queues.messageEncoding).toBe('base64');
  });

  test('with no route prefix, every route lives under api or v2, but the console', () => {
    const routes = loaded.functions.flatMap(({ name, bindings }) =>
      Object.values(bindings)
        .filter(({ type }) => type === 'httpTrigger')
        .map(({ route }) => ({ name, route: route ?? name })),
    );
    const elsewhere = routes.filter(({ route }) => !/^(?:api|v2)\//.test(route));
    expect(elsewhere.map(({ name }) => name)).toEqual(['console']);
  });

  test('every setting that a schedule or connection names is a setting of the project', () => {
    const named = loaded.functions.flatMap(({ bindings }) =>
      Object.values(bindings).flatMap((binding) => [
        ...[...JSON.stringify(binding).matchAll(/%([^%"]+)%/g)].map((match) => match[1]!),
        ...(binding.connection === undefined ? [] : [binding.connection]),
      ]),
    );
    expect(named.filter((name) => !(name in variables))).toEqual([]);
  });

  test('the example of local settings names only settings that exist', () => {
    const { IsEncrypted, Values } = read('local.settings.json.example') as {
      IsEncrypted: boolean;
      Values: Record<string, string>;
    };
    expect(IsEncrypted).toBe(false);
    const ofTheHost = ['FUNCTIONS_WORKER_RUNTIME', 'AzureWebJobsDisableHomepage'];
    expect(Object.keys(Values).filter((name) => !(name in variables) && !ofTheHost.includes(name))).toEqual(
      [],
    );
  });

  test('.funcignore leaves out what only development needs, and nothing that runs', () => {
    const lines = readFileSync(join(root, '.funcignore'), 'utf8').split('\n').filter(Boolean);
    const packages = lines.flatMap((line) => /^\/(node_modules\/.+?)\/$/.exec(line)?.[1] ?? []);
    expect(packages.length).toBeGreaterThan(0);
    for (const name of packages) {
      const under = Object.entries(lock.packages).filter(
        ([path]) => path === name || path.startsWith(`${name}/`),
      );
      expect(under.length).toBeGreaterThan(0);
      expect(under.filter(([, { dev }]) => dev !== true).map(([path]) => path)).toEqual([]);
    }
    // An unanchored name would also strike folders inside of packages, such as their own src.
    expect(lines.filter((line) => line.endsWith('/') && !line.startsWith('/'))).toEqual([]);
    for (const needed of [
      '/dist/functions/',
      '/dist/src/',
      '/host.json',
      '/package.json',
      '/node_modules/',
    ]) {
      expect(lines).not.toContain(needed);
    }
  });

  test('is compiled to what Node.js 22 reads', () => {
    const { compilerOptions } = read('tsconfig.json') as { compilerOptions: { target: string } };
    expect(compilerOptions.target).toBe('es2023');
  });
});
