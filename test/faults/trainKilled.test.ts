import { expect, test } from '@jest/globals';
import { currentModel } from '../../src/incidents/model/currentModel';
import { trainQuarter } from '../../src/incidents/train/trainQuarter';
import type { Platform } from '../../src/platform/platform';
import { listVersions, readPointer, resolveModel, techCenterScope } from '../../src/registry';
import { killedPlatform } from '../support/killedPlatform';
import { withPlatform } from '../support/platform';
import { storePreprocessed, syntheticTickets } from '../support/syntheticTickets';
import { embeddingService, q3Tickets } from '../support/trainedCenter';

const platforms = withPlatform();
const signal = AbortSignal.timeout(600_000);
const order = { year: 2026, quarter: 'q3', maxWorkers: 1, promote: true } as const;

const train = (platform: Platform, techCenter: string) =>
  trainQuarter(platform, { ...order, techCenters: [techCenter] }, { signal });

/** More changes than a training makes: the matrix ends where nobody was killed any more. */
const mostSteps = 40;

// Dying after a change leaves what dying before the next one does: a few steps show that nothing else differs.
test.each([
  ['before', 1],
  ['after', 4],
] as const)(
  'killed %s any change, a training leaves a complete `current` or none, and a rerun finishes it once',
  async (when, stride) => {
    const platform = await platforms({
      overrides: { embeddingService },
      environment: { TRAIN_MINIMUM_ROWS: '40' },
    });
    let survived = 0;
    for (let step = 1; survived === 0; step += stride) {
      expect(step).toBeLessThan(mostSteps);
      const techCenter = `Center ${step}`;
      const scope = techCenterScope(techCenter);
      const tickets = syntheticTickets({
        ...q3Tickets,
        techCenter,
        themes: ['vpn', 'printer'],
        perTheme: 25,
      });
      // Numbers begin with the centre's name, which is the same for all of them.
      const numbered = tickets.map((ticket) => ({ ...ticket, number: `${step}-${ticket.number}` }));
      await storePreprocessed(platform, numbered, embeddingService);

      const dying = killedPlatform(platform, step, when);
      await Promise.allSettled([train(dying.platform, techCenter)]);
      if (!dying.killed()) survived = step;
      const left = (await readPointer(platform, scope, signal))?.pointer.version;
      const usable = left && (await resolveModel(platform, scope, signal));
      expect(usable && !usable.fallback && usable.version).toBe(left);

      const { centers } = await train(platform, techCenter);
      expect(centers).toMatchObject([{ status: 'ok', promotion: 'current' }]);
      const versions = await listVersions(platform, scope, signal);
      expect(versions).toEqual([{ version: centers[0]!.version, promoted: true, withdrawn: false }]);
      const { value, version, fallback } = await currentModel(platform, techCenter, signal);
      expect({ version, fallback }).toEqual({ version: versions[0]!.version, fallback: undefined });
      expect(value.labeled.clusters).toHaveLength(2);
      expect([undefined, version]).toContain(left);
    }
    // Claim, five files, manifest, mark, withdrawal, pointer, run: every one was a place to die.
    expect(survived).toBeGreaterThan(10);
  },
  300_000,
);
