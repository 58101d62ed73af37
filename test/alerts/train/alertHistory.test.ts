import { describe, expect, test } from '@jest/globals';
import { archiveAlerts, readAlertHistory, type GroupedAlerts } from '../../../src/alerts/train/alertHistory';
import { shiftTimestamp, type Alert } from '../../../src/contracts';
import { matrix } from '../../../src/learn/matrix';
import { withAzurite } from '../../support/azurite';
import { testStorage } from '../../support/storage';

const azurite = withAzurite();
const signal = AbortSignal.timeout(120_000);
const start = '2026-11-02T23:00:00.123456Z';

function alertAt(index: number): Alert {
  return {
    id: `a-${index}`,
    source: 'csv',
    name: `Name ${index % 3} – ü`,
    service: index % 4 === 0 ? null : `service-${index % 5}`,
    resource: index % 2 === 0 ? null : 'pod-1',
    severity: 'high',
    status: index % 2 === 0 ? 'firing' : 'resolved',
    startsAt: shiftTimestamp(start, index * 60_000),
    endsAt: index % 2 === 0 ? null : shiftTimestamp(start, index * 60_000 + 1),
    labels: { team: `t${index}`, 'a "b"': '' },
    description: 'what happened',
    fingerprint: `f-${index % 7}`,
  };
}

function batch(from: number, to: number, changed: Partial<GroupedAlerts> = {}): GroupedAlerts {
  const alerts = Array.from({ length: to - from }, (_, index) => alertAt(from + index));
  return {
    at: '2026-11-03T01:00:00.000000Z',
    alerts,
    services: alerts.map(({ service }) => service && `node/${service}`),
    features: {
      names: ['severity', 'hour'],
      rows: matrix(
        Float32Array.from({ length: alerts.length * 2 }, (_, index) => (from * 2 + index) / 7),
        alerts.length,
        2,
      ),
    },
    ...changed,
  };
}

describe('the history of alerts', () => {
  test('gives back what was put in, to the microsecond and the last bit', async () => {
    const storage = testStorage(azurite());
    const given = batch(0, 120);
    expect(await archiveAlerts(storage, given, signal)).toEqual({ written: 2, known: 0 });
    const { rows, featureNames, counts } = await readAlertHistory(storage, {}, signal);
    expect(featureNames).toEqual(['severity', 'hour']);
    expect(counts).toEqual({ files: 2, damagedFiles: 0, otherFeatures: 0, notDrawn: 0 });
    expect(rows.map(({ alert }) => alert)).toEqual(given.alerts);
    expect(rows.map(({ service }) => service)).toEqual(given.services);
    rows.forEach(({ features, at }, row) => {
      expect(features).toEqual(given.features.rows.values.slice(2 * row, 2 * row + 2));
      expect(at).toBe(given.at);
    });
  });

  test('lies in folders of days, and a run that is repeated adds nothing', async () => {
    const storage = testStorage(azurite());
    await archiveAlerts(storage, batch(0, 120), signal);
    expect(await archiveAlerts(storage, batch(0, 120), signal)).toEqual({ written: 0, known: 2 });
    const names: string[] = [];
    for await (const { name } of storage.blobs.list('alerts/history/', signal)) names.push(name);
    expect(names).toEqual([
      expect.stringMatching(/^alerts\/history\/2026\/11\/02\/[0-9a-f]{32}\.parquet$/),
      expect.stringMatching(/^alerts\/history\/2026\/11\/03\/[0-9a-f]{32}\.parquet$/),
    ]);
  });

  test('an alert that was grouped again counts once, as it was last', async () => {
    const storage = testStorage(azurite());
    const later = batch(5, 15, { at: '2026-11-03T01:15:00.000000Z' });
    later.features.rows.values.fill(9);
    await archiveAlerts(storage, later, signal);
    await archiveAlerts(storage, batch(0, 10), signal);
    const { rows } = await readAlertHistory(storage, {}, signal);
    expect(rows.map(({ alert }) => alert.id)).toEqual(Array.from({ length: 15 }, (_, index) => `a-${index}`));
    expect(rows.map(({ features }) => features[0] === 9)).toEqual(rows.map((_, index) => index >= 5));
  });

  test('the same alerts have the same digest, in whatever files they lie; others another', async () => {
    const digestOf = async (...batches: GroupedAlerts[]): Promise<string> => {
      const storage = testStorage(azurite());
      for (const one of batches) await archiveAlerts(storage, one, signal);
      return (await readAlertHistory(storage, {}, signal)).digest;
    };
    const whole = await digestOf(batch(0, 20));
    expect(await digestOf(batch(10, 20), batch(0, 10))).toBe(whole);
    expect(await digestOf(batch(0, 19))).not.toBe(whole);
    // Grouped again with another embedding of names, which is no news: names are placed again when they are learned.
    const renamed = (at: string, value: number): GroupedAlerts => {
      const one = batch(0, 20, { at });
      one.features.rows.values.forEach((_, index, values) => {
        if (index % 2 === 1) values[index] = value;
      });
      return { ...one, features: { ...one.features, names: ['severity', 'name_embedding_1'] } };
    };
    const [early, late] = ['2026-11-03T01:00:00.000000Z', '2026-11-03T02:00:00.000000Z'];
    expect(await digestOf(renamed(early, 1), renamed(late, 2))).toBe(await digestOf(renamed(early, 3)));
  });

  test('a draw takes the same alerts each time, whatever else comes in', async () => {
    const storage = testStorage(azurite());
    await archiveAlerts(storage, batch(0, 200), signal);
    const idsOf = async (mostRows: number): Promise<Set<string>> =>
      new Set((await readAlertHistory(storage, { mostRows }, signal)).rows.map(({ alert }) => alert.id));
    const forty = await idsOf(40);
    expect(forty.size).toBe(40);
    const ten = await idsOf(10);
    expect([...ten].every((id) => forty.has(id))).toBe(true);
    expect((await readAlertHistory(storage, { mostRows: 40 }, signal)).counts.notDrawn).toBe(160);
  });

  test('alerts from a time on are left out on demand', async () => {
    const storage = testStorage(azurite());
    await archiveAlerts(storage, batch(0, 120), signal);
    const before = alertAt(90).startsAt;
    expect((await readAlertHistory(storage, { before }, signal)).rows.length).toBe(90);
  });

  test('alerts whose features an earlier release computed are counted and left out', async () => {
    const storage = testStorage(azurite());
    const old = batch(0, 10, { at: '2026-11-01T00:00:00.000000Z' });
    await archiveAlerts(storage, { ...old, features: { ...old.features, names: ['other', 'hour'] } }, signal);
    await archiveAlerts(storage, batch(10, 30), signal);
    const { rows, counts } = await readAlertHistory(storage, {}, signal);
    expect(rows.length).toBe(20);
    expect(counts.otherFeatures).toBe(10);
  });

  test.each([
    ['cut short', (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 20)],
    ['no Parquet at all', () => Buffer.from('nothing of the kind')],
    ['empty', () => new Uint8Array(0)],
  ])('a file that is %s is told of and left out', async (_, damage) => {
    const storage = testStorage(azurite());
    await archiveAlerts(storage, batch(0, 10), signal);
    await archiveAlerts(storage, batch(100, 110), signal);
    for await (const { name } of storage.blobs.list('alerts/history/2026/11/03/', signal)) {
      const { bytes } = await storage.blobs.read(name, signal);
      await storage.blobs.write(name, damage(bytes), { signal });
    }
    const { rows, counts } = await readAlertHistory(storage, {}, signal);
    expect(rows.length).toBe(10);
    expect(counts.damagedFiles).toBe(1);
    expect(storage.telemetry.exceptions.map(({ error }) => error)).toEqual([
      expect.objectContaining({ code: 'FILE_MALFORMED' }),
    ]);
  });

  test('nothing archived is an empty history', async () => {
    const { rows, featureNames } = await readAlertHistory(testStorage(azurite()), {}, signal);
    expect(rows).toEqual([]);
    expect(featureNames).toEqual([]);
  });
});
