import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Node } from 'web-tree-sitter';
import { variables } from '../../src/platform/settings/settings';
import { metrics } from '../../src/platform/telemetry/metrics';
import { nodesOfType, parseBicep, parseBicepFiles, syntaxErrors, type BicepFile } from './bicepFiles';

/** App settings that the Functions runtime and its storage client read, not Quarterdeck. */
const runtimeSettings = [
  'APPLICATIONINSIGHTS_AUTHENTICATION_STRING',
  'AzureWebJobsDisableHomepage',
  'AzureWebJobsStorage__credential',
];

let files: BicepFile[];
beforeAll(async () => {
  files = await parseBicepFiles();
});

const file = (path: string): BicepFile => {
  const found = files.find((candidate) => candidate.path === normalize(path));
  if (!found) throw new Error(`${path} is not there`);
  return found;
};

const namedChild = (node: Node, type: string): Node | undefined =>
  node.namedChildren.find((child) => child?.type === type) ?? undefined;

/** Keys of an object node, outermost level. */
const keys = (object: Node): string[] =>
  object.namedChildren
    .filter((child) => child?.type === 'object_property')
    .map((property) => property.namedChildren[0]!.text.replace(/^'|'$/g, ''));

const property = (object: Node, name: string): Node | undefined =>
  object.namedChildren.find(
    (child) => child?.type === 'object_property' && child.namedChildren[0]?.text === name,
  )?.namedChildren[1] ?? undefined;

describe('the infrastructure files are parsed and checked', () => {
  test('every file is valid by the grammar', () => {
    expect(files.length).toBeGreaterThan(5);
    expect(files.map((one) => [one.path, syntaxErrors(one)])).toEqual(files.map(({ path }) => [path, []]));
  });

  test('the check finds a syntax error where there is one', async () => {
    const broken = await parseBicep("param name string\nresource x 'a@1' = {\n  name: = 3\n}\n");
    expect(syntaxErrors({ path: 'broken.bicep', ...broken })).not.toEqual([]);
  });

  test('every module gets each parameter that it needs, and none that it does not know', () => {
    const main = file('infra/main.bicep');
    for (const module of nodesOfType(main, 'module_declaration')) {
      const path = namedChild(module, 'string')!.text.replace(/'/g, '');
      const declared = nodesOfType(file(join(dirname(main.path), path)), 'parameter_declaration');
      // A module with a condition has its object inside of that.
      const object = namedChild(module, 'object') ?? module.descendantsOfType('object')[0]!;
      const given = keys(property(object, 'params')!);
      const names = declared.map((one) => namedChild(one, 'identifier')!.text);
      const required = declared
        .filter((one) => !/^param\s+\w+\s+[^\n=]+=/m.test(one.text))
        .map((one) => namedChild(one, 'identifier')!.text);
      expect({ path, unknown: given.filter((name) => !names.includes(name)) }).toEqual({ path, unknown: [] });
      expect({ path, missing: required.filter((name) => !given.includes(name)) }).toEqual({
        path,
        missing: [],
      });
    }
  });

  test('every app setting is one that Quarterdeck or its runtime reads', () => {
    const main = file('infra/main.bicep');
    const engine = nodesOfType(main, 'variable_declaration').find(
      (one) => namedChild(one, 'identifier')?.text === 'engineSettings',
    )!;
    const extra = nodesOfType(main, 'call_expression').find((one) =>
      one.text.startsWith('union(engineSettings'),
    )!;
    const names = [engine, extra].flatMap((node) =>
      node.descendantsOfType('object').flatMap((object) => (object ? keys(object) : [])),
    );
    const known = [...Object.keys(variables), ...runtimeSettings];
    expect(names.length).toBeGreaterThan(15);
    expect(names.filter((name) => !known.includes(name))).toEqual([]);
    expect(names).toEqual(
      expect.arrayContaining([
        'QUARTERDECK_WAREHOUSE',
        'PREPROCESS_SCHEDULE',
        'PREDICT_SCHEDULE',
        'WATCH_SCHEDULE',
      ]),
    );
  });

  test('alert rules ask for metrics that the telemetry module emits, and for their dimensions', () => {
    const { text } = file('infra/modules/alerts.bicep');
    const names = [...text.matchAll(/Name == "([^"]+)"/g)].map((match) => match[1]!);
    expect(names).toEqual(
      expect.arrayContaining([
        'pipeline.heartbeat',
        'pipeline.run.failed',
        'queue.poison',
        'training.overdue',
      ]),
    );
    expect(names.filter((name) => !Object.hasOwn(metrics, name))).toEqual([]);
    for (const [, name, rest] of text.matchAll(/Name == "([^"]+)"([^\n]*)/g)) {
      const dimensions: readonly string[] = metrics[name as keyof typeof metrics].dimensions;
      const asked = [...rest!.matchAll(/Properties\.(\w+)/g)].map((match) => match[1]!);
      expect(asked.filter((dimension) => !dimensions.includes(dimension))).toEqual([]);
    }
  });

  test('every timer’s schedule is an app setting, so that the host can resolve it', () => {
    const { text } = file('infra/main.bicep');
    const functions = join(process.cwd(), 'functions');
    const schedules = readdirSync(functions)
      .filter((name) => name.endsWith('.ts'))
      .flatMap((name) => [...readFileSync(join(functions, name), 'utf8').matchAll(/schedule: '%(\w+)%'/g)])
      .map((match) => match[1]!);
    expect(schedules.length).toBeGreaterThan(2);
    expect(schedules.filter((name) => !text.includes(`${name}: '`))).toEqual([]);
  });

  test('storage has no shared keys, the vault no access policies, publishing no passwords', () => {
    expect(file('infra/modules/storage.bicep').text).toMatch(/allowSharedKeyAccess: false/);
    expect(file('infra/modules/vault.bicep').text).toMatch(/enableRbacAuthorization: true/);
    expect(file('infra/modules/functions.bicep').text.match(/properties: \{ allow: false \}/g)).toHaveLength(
      2,
    );
  });

  test('the training machine’s first-boot file has the places that the template fills', () => {
    const cloudInit = readFileSync(join(process.cwd(), 'infra/modules/training.cloud-init.yaml'), 'utf8');
    expect(cloudInit.startsWith('#cloud-config\n')).toBe(true);
    expect(cloudInit.match(/@@[A-Z_]+@@/g)).toEqual(['@@ENVIRONMENT@@', '@@PACKAGE_URL@@']);
  });
});
