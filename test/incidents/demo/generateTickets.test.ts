import { describe, expect, test } from '@jest/globals';
import { quarterBounds, quarterName, quarterOf } from '../../../src/contracts';
import { demoCenters } from '../../../src/incidents/demo/demoCenters';
import { generateTickets } from '../../../src/incidents/demo/generateTickets';
import { cleanText } from '../../../src/incidents/preprocess/text/cleanText';
import { wordsOf } from '../../../src/incidents/preprocess/text/sentences';

const endingQuarter = { year: 2026, quarter: 'q3' } as const;
const { incidents, themes } = generateTickets({ seed: 7, endingQuarter, perQuarter: 120 });

describe('the demo', () => {
  test('has fifteen tech centres with eight to twelve themes each, and three quarters', () => {
    expect(demoCenters).toHaveLength(15);
    for (const center of demoCenters) {
      expect(center.themes.length).toBeGreaterThanOrEqual(8);
      expect(center.themes.length).toBeLessThanOrEqual(12);
      const names = center.themes.map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
      for (const { course, titles, sentences } of center.themes) {
        expect(titles.length).toBeGreaterThanOrEqual(2);
        expect(sentences.length).toBeGreaterThanOrEqual(2);
        expect(course === 'split').toBe(
          center.themes[center.themes.findIndex((theme) => theme.titles === titles) - 1]?.course ===
            'splitting',
        );
      }
    }
    expect(new Set(incidents.map(({ techCenter }) => techCenter)).size).toBe(15);
    expect(
      [...new Set(incidents.map(({ sysCreatedOn }) => quarterName(quarterOf(sysCreatedOn))))].sort(),
    ).toEqual(['2026q1', '2026q2', '2026q3']);
    expect(incidents.length).toBeGreaterThan(15 * 3 * 108);
    expect(incidents.length).toBeLessThan(15 * 3 * 132);
  });

  test('is the same for the same seed, and another for another', () => {
    expect(generateTickets({ seed: 7, endingQuarter, perQuarter: 120 }).incidents).toEqual(incidents);
    expect(generateTickets({ seed: 8, endingQuarter, perQuarter: 120 }).incidents).not.toEqual(incidents);
  });

  test('numbers are unique and follow the arrival, of which some is late', () => {
    const numbers = incidents.map(({ number }) => number);
    expect(new Set(numbers).size).toBe(numbers.length);
    expect([...numbers].sort()).toEqual(numbers);
    const late = incidents.filter(
      ({ sysCreatedOn }, index) => index > 0 && sysCreatedOn < incidents[index - 1]!.sysCreatedOn,
    );
    expect(late.length).toBeGreaterThan(0);
    expect(late.length / incidents.length).toBeLessThan(0.03);
  });

  test('themes are born, die and split between the quarters', () => {
    const counts = (course: string, quarter: string): number =>
      incidents.filter((incident, index) => {
        const [center, name] = (themes[index] ?? '/').split('/');
        const theme = demoCenters
          .find((candidate) => candidate.name === center)
          ?.themes.find((t) => t.name === name);
        return theme?.course === course && quarterName(quarterOf(incident.sysCreatedOn)) === quarter;
      }).length;
    expect([counts('born', '2026q1'), counts('born', '2026q2')]).toEqual([0, 0]);
    expect(counts('born', '2026q3')).toBeGreaterThan(100);
    expect(counts('dying', '2026q2')).toBeGreaterThan(100);
    expect(counts('dying', '2026q3')).toBe(0);
    expect(counts('split', '2026q2')).toBe(0);
    expect(counts('split', '2026q3')).toBeGreaterThan(60);
    expect(counts('growing', '2026q3')).toBeGreaterThan(counts('growing', '2026q1') * 1.5);
  });

  test('some tickets have no theme and fewer than 1 % no text', () => {
    const strays = themes.filter((theme) => theme === undefined).length;
    expect(strays / themes.length).toBeGreaterThan(0.04);
    expect(strays / themes.length).toBeLessThan(0.09);
    const empty = incidents.filter(({ shortDescription }) => shortDescription === '???').length;
    expect(empty).toBeGreaterThan(0);
    expect(empty / incidents.length).toBeLessThan(0.01);
  });

  test('tickets of one theme share words and differ in text', () => {
    const byTheme = new Map<string, string[]>();
    incidents.forEach((incident, index) => {
      const theme = themes[index];
      if (theme === undefined) return;
      const text = cleanText(`${incident.shortDescription}. ${incident.description}`);
      byTheme.set(theme, [...(byTheme.get(theme) ?? []), text]);
    });
    for (const texts of byTheme.values()) {
      expect(new Set(texts).size / texts.length).toBeGreaterThan(0.6);
      for (const text of texts) expect(wordsOf(text).length).toBeGreaterThan(4);
    }
  });

  test('nothing is dated after the given moment', () => {
    const until = '2026-08-15T12:00:00.000000Z';
    const cut = generateTickets({ seed: 7, endingQuarter, perQuarter: 60, until });
    expect(cut.incidents.every(({ sysCreatedOn }) => sysCreatedOn < until)).toBe(true);
    const { from } = quarterBounds(endingQuarter);
    expect(cut.incidents.some(({ sysCreatedOn }) => sysCreatedOn >= from)).toBe(true);
  });
});
