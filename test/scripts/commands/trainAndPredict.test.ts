import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quarterName, type Incident } from '../../../src/contracts';
import { chosenQuarter } from '../../../scripts/commands/train';
import { withAzurite } from '../../support/azurite';
import { syntheticTickets } from '../../support/syntheticTickets';

/** One installation over the whole file, as its operator goes through it: each test begins where the last one ended. */

const azurite = withAzurite();
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'quarterdeck-cli-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Answer {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** Runs the command line as a user does. */
function quarterdeck(words: readonly string[], settings: Record<string, string> = {}): Promise<Answer> {
  const environment = { AzureWebJobsStorage: azurite(), QUARTERDECK_LOG_LEVEL: 'silent', ...settings };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(process.cwd(), 'bin', 'quarterdeck.cjs'), ...words, '--data-dir', folder],
      { env: { ...process.env, ...environment } },
      (error, output, errors) => resolve({ code: Number(error?.code ?? 0), output, errors }),
    );
  });
}

/** The same with --json: standard output has to be one line, and that one JSON document. */
async function machineReadable(
  words: readonly string[],
  settings?: Record<string, string>,
): Promise<Answer & { document: unknown }> {
  const answer = await quarterdeck([...words, '--json'], settings);
  expect(answer.output).toMatch(/^\{[^\n]*\}\n$/);
  return { ...answer, document: JSON.parse(answer.output) as unknown };
}

const desk = 'Service Desk';
/** Too few tickets to be trained. */
const small = 'Front, Door';
const q1 = ['train', '--year', '2026', '--quarter', 'q1'];
const q2 = ['train', '--year', '2026', '--quarter', 'Q2'];
const ofDesk = ['--tech-center', desk];

function csv(tickets: readonly Incident[]): string {
  const rows = tickets.map(({ number, sysCreatedOn, shortDescription, techCenter }) =>
    [number, sysCreatedOn, shortDescription, techCenter].map((cell) => `"${cell}"`).join(','),
  );
  return `number,sys_created_on,short_description,tech_center\n${rows.join('\n')}\n`;
}

test('a file of two quarters is imported and preprocessed', async () => {
  const themes = ['vpn', 'printer', 'payroll'] as const;
  const file = join(folder, 'tickets.csv');
  writeFileSync(
    file,
    csv([
      ...syntheticTickets({ techCenter: desk, themes, perTheme: 25, from: '2026-01-05T00:00:00Z' }),
      ...syntheticTickets({
        techCenter: desk,
        themes,
        perTheme: 25,
        from: '2026-04-05T00:00:00Z',
        first: 500,
      }),
      ...syntheticTickets({ techCenter: small, themes, perTheme: 2, from: '2026-04-05T00:00:00Z' }),
    ]),
  );
  const imported = await machineReadable(['import', 'incidents', file]);
  expect(imported).toMatchObject({ code: 0, document: { counts: { stored: 156, quarantined: 0 } } });
  const processed = await machineReadable(['preprocess']);
  expect(processed).toMatchObject({
    code: 0,
    document: {
      runs: [
        { scope: small, counts: { stored: 6 } },
        { scope: desk, counts: { stored: 150 } },
      ],
    },
  });
});

describe('train', () => {
  test('makes the first version current, leaves out a centre with too few tickets, and says which quarter', async () => {
    const { code, document, errors } = await machineReadable(q1);
    expect(code).toBe(0);
    expect(document).toMatchObject({
      year: 2026,
      quarter: 'q1',
      centers: [
        { techCenter: desk, status: 'ok', version: '2026/q1/r1', promotion: 'current', rows: 75 },
        { techCenter: small, status: 'skipped', version: null, promotion: null, rows: 0 },
      ],
    });
    expect(errors).toContain('training 2026q1\n');
  });

  test('with --no-promote leaves the version a candidate, which promote makes current', async () => {
    const trained = await machineReadable([...q2, '--no-promote']);
    expect(trained).toMatchObject({
      code: 0,
      document: { centers: [{ version: '2026/q2/r1', promotion: 'candidate' }, { status: 'skipped' }] },
    });
    expect((await machineReadable(['status'])).document).toMatchObject({
      centers: [{ techCenter: small }, { techCenter: desk, modelVersion: '2026/q1/r1' }],
    });
    expect(await machineReadable(['promote'])).toMatchObject({
      code: 0,
      document: {
        promotions: [
          { techCenter: small, version: null, state: 'nothing' },
          { techCenter: desk, version: '2026/q2/r1', state: 'current' },
        ],
      },
    });
  });

  test('without a quarter takes the one that ended last, and says which', async () => {
    const before = chosenQuarter({}, Date.now());
    const { code, output } = await quarterdeck(['train', ...ofDesk]);
    const machine = await machineReadable(['train', '--tech-center', small]);
    const possible = [before, chosenQuarter({}, Date.now())];
    expect(code).toBe(0);
    expect(possible.map((quarter) => `training ${quarterName(quarter)}`)).toContain(output.split('\n')[0]);
    expect(machine).toMatchObject({ code: 0, document: { centers: [{ techCenter: small }] } });
    const { year, quarter } = machine.document as typeof before;
    expect(possible).toContainEqual({ year, quarter });
  });
});

describe('predict and status', () => {
  test('what was trained is predicted, and the status tells it', async () => {
    const predicted = await machineReadable(['predict']);
    expect(predicted).toMatchObject({
      code: 0,
      document: {
        runs: [
          { scope: small, status: 'skipped' },
          { scope: desk, status: 'ok', counts: { rows: 75 } },
        ],
      },
    });
    const status = await machineReadable(['status']);
    expect(status).toMatchObject({
      code: 0,
      document: {
        centers: [
          { techCenter: small, state: 'untrained', modelVersion: null, incidents: 6, predicted: 0 },
          { techCenter: desk, modelVersion: '2026/q2/r1', incidents: 150, predicted: 75 },
        ],
        quarantined: 0,
      },
    });
    const again = await machineReadable(['predict', ...ofDesk]);
    expect(again.document).toMatchObject({ runs: [{ status: 'ok', counts: { rows: 0 } }] });
  });
});

describe('rollback and promote', () => {
  test('what was rolled back comes again by name alone', async () => {
    const back = await machineReadable(['rollback', ...ofDesk, '--reason', 'names are odd']);
    expect(back).toMatchObject({
      code: 0,
      document: { techCenter: desk, pointer: { version: '2026/q1/r1', reason: 'names are odd' } },
    });
    expect(await machineReadable(['promote', ...ofDesk])).toMatchObject({
      code: 0,
      document: { promotions: [{ techCenter: desk, version: null, state: 'nothing' }] },
    });
    const byName = await machineReadable(['promote', ...ofDesk, '--version', '2026/q2/r1']);
    expect(byName).toMatchObject({
      code: 0,
      document: { promotions: [{ version: '2026/q2/r1', state: 'current' }] },
    });
  });

  test('a version that its gate refuses ends with 3 beside sound centres, and with 1 alone', async () => {
    const strict = { GATE_MAXIMUM_NOISE: '0', TRAIN_SEED: '7' };
    const trained = await machineReadable(q2, strict);
    expect(trained).toMatchObject({
      code: 3,
      document: {
        centers: [
          { techCenter: desk, version: '2026/q2/r2', promotion: 'refused', errorCode: 'GATE_REFUSED' },
          { techCenter: small, status: 'skipped' },
        ],
      },
    });
    const refused = { techCenter: desk, version: '2026/q2/r2', state: 'refused' };
    expect(await machineReadable(['promote'])).toMatchObject({
      code: 3,
      document: { promotions: [{ state: 'nothing' }, refused] },
    });
    expect(await machineReadable(['promote', ...ofDesk])).toMatchObject({
      code: 1,
      document: { promotions: [refused] },
    });
    expect((await machineReadable(['status'])).document).toMatchObject({
      centers: [{ techCenter: small }, { techCenter: desk, modelVersion: '2026/q2/r1' }],
    });
  });

  test('a version that is not there ends with 1 and its code', async () => {
    const missing = { code: 1, document: { error: { code: 'MODEL_MISSING' } } };
    expect(await machineReadable(['promote', ...ofDesk, '--version', '2031/q1/r1'])).toMatchObject(missing);
    const back = await machineReadable(['rollback', '--tech-center', small]);
    expect(back).toMatchObject(missing);
    expect(back.errors).toContain(`error MODEL_MISSING: ${small}: there is no earlier version to go back to`);
  });
});

describe('words that make no sense end with 2', () => {
  test.each([['train'], ['predict'], ['promote'], ['rollback']])(
    '%s refuses a tech centre that no ticket has, and names those there are',
    async (command) => {
      const answer = await machineReadable([command, ...ofDesk, '--tech-center', 'Nobody']);
      expect(answer).toMatchObject({
        code: 2,
        document: { error: { code: 'NOT_FOUND', details: { option: 'tech-center' } } },
      });
      expect(answer.errors).toContain(`no tickets of Nobody; there are ${small}, ${desk}`);
    },
  );

  test('half a quarter is one JSON document too', async () => {
    expect(await machineReadable(['train', '--year', '2026'])).toMatchObject({
      code: 2,
      document: { error: { code: 'INPUT_INVALID', details: { option: '--quarter' } } },
    });
  });

  test.each([
    [['train', '--year', '2026', '--quarter', 'q5'], 'q1, q2, q3 or q4 is needed'],
    [['train', '--year', 'soon', '--quarter', 'q1'], 'a calendar year such as 2026 is needed'],
    [['promote', '--version', 'newest'], 'a version such as 2026/q4/r1 or v3 is needed'],
    [['rollback'], "required option '--tech-center <name>' not specified"],
    [['status', '--everything'], "unknown option '--everything'"],
  ])('%j: %s', async (words, said) => {
    const { code, output, errors } = await quarterdeck(words);
    expect({ code, output }).toEqual({ code: 2, output: '' });
    expect(errors).toContain(said);
  });

  test('and none of it left a run behind', async () => {
    const { document } = await machineReadable(['status']);
    expect(document).toMatchObject({
      centers: [{ techCenter: small }, { techCenter: desk, modelVersion: '2026/q2/r1' }],
    });
    expect(JSON.stringify(document)).not.toContain('Nobody');
  });
});

test('training can be left to the Functions app: one message a tech centre waits in its queue', async () => {
  const sent = await machineReadable(['train', '--year', '2026', '--quarter', 'q1', '--enqueue', ...ofDesk]);
  expect(sent).toMatchObject({ code: 0, document: { year: 2026, quarter: 'q1', enqueued: [desk] } });
  const { document } = await machineReadable(['status']);
  expect(document).toMatchObject({
    queues: expect.arrayContaining([{ queue: 'train-requests', waiting: 1, poison: 0 }]),
  });
});
