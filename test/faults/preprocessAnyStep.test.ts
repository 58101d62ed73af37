import { expect, test } from '@jest/globals';
import { enqueuePreprocess } from '../../src/incidents/preprocess/enqueuePreprocess';
import { preprocessCenter } from '../../src/incidents/preprocess/preprocessCenter';
import { shiftTimestamp } from '../../src/contracts';
import { embedderScope, listVersions, readPointer, resolveModel } from '../../src/registry';
import { killedPlatform } from '../support/killedPlatform';
import { withPlatform, type TestPlatform } from '../support/platform';
import { incidentRow, ticketNumber } from '../support/warehouseRows';

const platforms = withPlatform();
const signal = AbortSignal.timeout(600_000);
const techCenter = 'Service Desk';
const mostSteps = 40;
const things = ['printer', 'mailbox', 'tunnel', 'password', 'monitor', 'database', 'badge'];
const emptyTicket = 3;
const tickets = Array.from({ length: 9 }, (_, index) =>
  incidentRow({
    number: ticketNumber(index),
    techCenter,
    shortDescription: index === emptyTicket ? '???' : `The ${things[index % 7]} fails`,
    description:
      index === emptyTicket
        ? ''
        : `Since Monday the ${things[index % 7]} of the ${things[(index * 3) % 7]} is dead.`,
    sysCreatedOn: shiftTimestamp('2026-07-01T08:00:00.000000Z', Math.floor(index / 2) * 60_000),
  }),
);

async function expectAllOnce(platform: TestPlatform): Promise<void> {
  const { warehouse } = platform;
  const rows = await warehouse.preprocessedBetween({ limit: 100 }, signal);
  const expected = tickets.map(({ number }) => number).filter((_, index) => index !== emptyTicket);
  expect(rows.map(({ number }) => number)).toEqual(expected);
  expect(new Set(rows.map(({ embeddingModel }) => embeddingModel)).size).toBe(1);
  const quarantined = await warehouse.quarantined({ limit: 100 }, signal);
  expect(quarantined.map(({ key }) => key)).toEqual([ticketNumber(emptyTicket)]);
}

/** After a crash the watermark may stand too early, which the next new ticket mends. */
async function expectWatermarkMoves(platform: TestPlatform): Promise<void> {
  const next = incidentRow({
    number: ticketNumber(9),
    techCenter,
    description: `The ${things[0]} fails again`,
    sysCreatedOn: '2026-07-01T12:00:00.000000Z',
  });
  await platform.warehouse.mergeIncidents([next], signal);
  const run = await preprocessCenter(platform, { techCenter }, signal);
  expect(run).toMatchObject({ status: 'ok', counts: { read: 1, stored: 1, late: 0 } });
  const watermark = await platform.warehouse.watermark(techCenter, signal);
  expect(watermark?.lastProcessedNumber).toBe(next.number);
}

async function started(): Promise<TestPlatform> {
  const platform = await platforms({ environment: { PREPROCESS_PAGE_SIZE: '4' } });
  await platform.warehouse.mergeIncidents(tickets, signal);
  return platform;
}

// Dying after a change leaves what dying before the next one does: a few steps show that nothing else differs.
test.each([
  ['before', 1],
  ['after', 4],
] as const)(
  'killed %s any change, the embedder’s among them, and run again, preprocessing has every ticket once',
  async (when, stride) => {
    let survived = 0;
    for (let step = 1; survived === 0; step += stride) {
      expect(step).toBeLessThan(mostSteps);
      const platform = await started();
      const dying = killedPlatform(platform, step, when);
      await Promise.allSettled([preprocessCenter(dying.platform, { techCenter }, signal)]);
      if (!dying.killed()) survived = step;
      const left = (await readPointer(platform, embedderScope, signal))?.pointer.version;
      const usable = left && (await resolveModel(platform, embedderScope, signal));
      expect(usable && !usable.fallback && usable.version).toBe(left);

      expect(await preprocessCenter(platform, { techCenter }, signal)).toMatchObject({ status: 'ok' });
      await expectAllOnce(platform);
      await expectWatermarkMoves(platform);
      expect((await listVersions(platform, embedderScope, signal)).some(({ promoted }) => promoted)).toBe(
        true,
      );
    }
    // The embedder's claim, file, manifest, mark and pointer, three pages with their watermarks, the run.
    expect(survived).toBeGreaterThan(10);
  },
  300_000,
);

test('a timer that fires twice at once sends its messages twice, and one run of each centre does the work', async () => {
  const platform = await started();
  await Promise.all([enqueuePreprocess(platform, {}, signal), enqueuePreprocess(platform, {}, signal)]);
  expect(await platform.queues.count('preprocess-requests', signal)).toBe(2);
  const runs = await Promise.all([
    preprocessCenter(platform, { techCenter }, signal),
    preprocessCenter(platform, { techCenter }, signal),
  ]);
  const worked = runs.filter(({ counts }) => (counts['stored'] ?? 0) > 0);
  expect(worked).toMatchObject([{ status: 'ok', counts: { stored: 8, quarantined: 1 } }]);
  await expectAllOnce(platform);
});
