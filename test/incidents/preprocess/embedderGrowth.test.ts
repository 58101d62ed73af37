import { describe, expect, test } from '@jest/globals';
import { shiftTimestamp, type Incident } from '../../../src/contracts';
import { generateTickets } from '../../../src/incidents/demo/generateTickets';
import { preprocessCenter } from '../../../src/incidents/preprocess/preprocessCenter';
import { embedderScope, listVersions } from '../../../src/registry';
import { withPlatform, type TestPlatform } from '../../support/platform';

const platforms = withPlatform();
const signal = AbortSignal.timeout(300_000);
const { incidents } = generateTickets({
  seed: 5,
  endingQuarter: { year: 2026, quarter: 'q3' },
  quarters: 1,
  centers: 1,
  perQuarter: 80,
});
const { techCenter } = incidents[0]!;
const tickets = incidents.filter(({ shortDescription }) => /\w{4}/.test(shortDescription));

async function arrive(platform: TestPlatform, arrived: readonly Incident[]) {
  await platform.warehouse.mergeIncidents(arrived, signal);
  return preprocessCenter(platform, { techCenter }, signal);
}
const versions = async (platform: TestPlatform): Promise<number> =>
  (await listVersions(platform, embedderScope, signal)).length;

describe('an installation that begins with its first ticket', () => {
  test('learns again when there is four times as much to learn from, and loses no ticket on the way', async () => {
    const platform = await platforms();
    expect(await arrive(platform, tickets.slice(0, 1))).toMatchObject({
      status: 'ok',
      counts: { stored: 1 },
    });
    expect(await arrive(platform, tickets.slice(1, 12))).toMatchObject({
      status: 'ok',
      counts: { stored: 11, quarantined: 0 },
    });
    expect(await versions(platform)).toBe(2);
    expect(await arrive(platform, tickets.slice(12, 20))).toMatchObject({ counts: { stored: 8 } });
    expect(await versions(platform)).toBe(2);
    const last = await arrive(platform, tickets.slice(20));
    expect(last).toMatchObject({ status: 'ok', counts: { stored: tickets.length - 20 } });
    expect(await versions(platform)).toBe(3);
  });

  test('a first ticket dated into a later quarter does not keep it from learning once more, and only once', async () => {
    const platform = await platforms();
    const first = tickets[0]!;
    const late = { ...first, sysCreatedOn: shiftTimestamp(first.sysCreatedOn, 200 * 86_400_000) };
    await arrive(platform, [late]);
    await platform.warehouse.mergeIncidents([first], signal);
    expect(await arrive(platform, tickets.slice(1, 30))).toMatchObject({ status: 'ok' });
    expect(await versions(platform)).toBe(2);
    expect(await arrive(platform, tickets.slice(30, 40))).toMatchObject({ status: 'ok' });
    expect(await versions(platform)).toBe(2);
  });
});
