import { describe, expect, test } from '@jest/globals';
import { comparePreviews } from '../../../src/alerts';
import { groupingSettings, groupStorms, smallStorms } from '../../support/alerts/groupedStorm';

const storms = smallStorms(3);
const from = storms.alerts[0]!.startsAt;
const now = storms.alerts.at(-1)!.startsAt;
const input = { alerts: storms.alerts, graph: storms.graph, now };

/** Counted the long way: alerts by the company that they keep. */
async function companies(windowMinutes: number): Promise<string[]> {
  const { group, enriched } = await groupStorms(storms, {
    settings: { ...groupingSettings, TIME_WINDOW_MINUTES: windowMinutes },
    now,
  });
  return enriched.map((_, at) =>
    enriched.flatMap(({ alert }, other) => (group[other] === group[at] ? [alert.id] : [])).join(' '),
  );
}

describe('two ways to group the same alerts', () => {
  test.each([1, 5, 120])(
    'compared at a window of %i minutes count every alert with other company',
    async (window) => {
      const preview = await comparePreviews(
        input,
        groupingSettings,
        { TIME_WINDOW_MINUTES: window },
        from,
        {},
      );
      const [before, after] = [
        await companies(groupingSettings.TIME_WINDOW_MINUTES),
        await companies(window),
      ];
      const same = before.filter((company, at) => company === after[at]);
      expect(preview.movedAlerts).toBe(before.length - same.length);
      expect(preview.sameGroups).toBe(new Set(same).size);
      expect(preview.before.groups).toBe(new Set(before).size);
      expect(preview.after.groups).toBe(new Set(after).size);
      const shown = preview.differing.flatMap((piece) => piece.before.map(({ alerts }) => alerts));
      expect(shown.reduce((sum, alerts) => sum + alerts, 0)).toBe(preview.movedAlerts);
    },
  );

  test('are told apart as split, merged or changed', async () => {
    const { differing } = await comparePreviews(
      input,
      groupingSettings,
      { TIME_WINDOW_MINUTES: 1 },
      from,
      {},
    );
    expect(differing.length).toBeGreaterThan(0);
    for (const { kind, before, after } of differing) {
      const expected = before.length === 1 ? 'split' : after.length === 1 ? 'merged' : 'changed';
      expect(kind).toBe(expected);
      expect(before.length + after.length).toBeGreaterThan(2);
    }
  });
});
