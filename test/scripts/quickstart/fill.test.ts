import { expect, test } from '@jest/globals';
import { chooseSource, fillWarehouse, type DataOptions } from '../../../scripts/quickstart/fill';
import type { Output } from '../../../scripts/output';
import type { Session } from '../../../scripts/session';
import { recordDemo } from '../../../src/incidents/demo/demoRun';
import { withPlatform, type TestPlatform } from '../../support/platform';
import { incidentRow } from '../../support/warehouseRows';

const platformOf = withPlatform();
const signal = new AbortController().signal;

function sessionOn(platform: TestPlatform): Session & { readonly said: string[] } {
  const said: string[] = [];
  const output: Output = {
    json: false,
    say: (line) => void said.push(line),
    table: () => {},
    result: () => {},
    progress: () => ({ update: () => {}, stop: () => {} }),
    close: () => {},
  };
  return { platform, output, signal, untilInterrupted: async () => {}, said };
}

async function fill(session: Session, options: DataOptions): Promise<void> {
  await fillWarehouse(session, options, await chooseSource(session, options));
}

const ticketsIn = async (platform: TestPlatform): Promise<number> =>
  (await platform.warehouse.techCenters(signal)).reduce((sum, { incidents }) => sum + incidents, 0);

test('an empty warehouse gets the demo, and a filled demo is brought up to date', async () => {
  const session = sessionOn(await platformOf());
  await fill(session, { tickets: 2 });
  const first = await ticketsIn(session.platform as TestPlatform);
  expect(first).toBeGreaterThan(0);
  await fill(session, { tickets: 2 });
  expect(session.said.filter((line) => line.startsWith('Filling the demo'))).toHaveLength(2);
  expect(await ticketsIn(session.platform as TestPlatform)).toBe(first);
});

test('the demo is not added to tickets of somebody’s own, in a tech centre named demo neither', async () => {
  const platform = await platformOf();
  const session = sessionOn(platform);
  await platform.warehouse.mergeIncidents([incidentRow({ number: 'MINE', techCenter: 'demo' })], signal);
  await platform.warehouse.recordRun(
    {
      runId: 'import-of-mine',
      pipeline: 'import',
      scope: 'demo',
      status: 'ok',
      counts: {},
      startedAt: '2026-07-01T08:00:00.000000Z',
      finishedAt: '2026-07-01T08:00:00.000000Z',
      errorCode: null,
      detail: null,
    },
    signal,
  );
  await fill(session, {});
  expect(await ticketsIn(platform)).toBe(1);
  expect(session.said).toContainEqual(expect.stringContaining('the tickets that are here already'));
});

test('a file is refused where the demo is, even one whose filling was killed, and --data-dir is named', async () => {
  const platform = await platformOf();
  const session = sessionOn(platform);
  const killed = recordDemo(
    platform,
    async () => {
      await platform.warehouse.mergeIncidents([incidentRow({ number: 'DEMO' })], signal);
      throw new Error('killed');
    },
    signal,
  );
  await expect(killed).rejects.toThrow('killed');
  await expect(chooseSource(session, { incidents: 'tickets.csv' })).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    message: expect.stringContaining('--data-dir'),
    culprit: { option: 'data-dir' },
  });
  expect(await chooseSource(session, {})).toBe('demo');
});

test('a file goes into an empty warehouse and beside tickets of the same person', async () => {
  const platform = await platformOf();
  const session = sessionOn(platform);
  expect(await chooseSource(session, { incidents: 'tickets.csv' })).toBe('file');
  await platform.warehouse.mergeIncidents([incidentRow({ number: 'MINE' })], signal);
  expect(await chooseSource(session, { incidents: 'tickets.csv' })).toBe('file');
});
