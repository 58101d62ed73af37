import { describe, expect, test } from '@jest/globals';
import { pairFirings } from '../../../src/alerts/ingest/pairFirings';
import { makeAlertId } from '../../../src/alerts/ingest/fingerprint';
import { combineFirings, seededRandom, type Random, type StoredAlert } from '../../../src/contracts';
import { storedAlertRow } from '../../support/warehouseRows';

const at = (minute: number): string => new Date(Date.UTC(2026, 6, 1, 8, minute)).toISOString();

/** A message as `checkAlert` makes it of a sender that names no firing. */
function message(state: 'fires' | 'over', minute: number, fingerprint = 'f'): StoredAlert {
  const time = at(minute);
  return storedAlertRow({
    id: makeAlertId('cloudwatch', fingerprint, time),
    fingerprint,
    severity: state === 'fires' ? 'high' : 'unknown',
    status: state === 'fires' ? 'firing' : 'resolved',
    startsAt: time,
    endsAt: state === 'fires' ? null : time,
    saidAt: time,
  });
}

/** The rows of a table, changed as the warehouse changes them. */
class Table {
  readonly rows = new Map<string, StoredAlert>();

  send(...messages: StoredAlert[]): void {
    for (const row of pairFirings([...this.rows.values()], messages)) {
      const known = this.rows.get(row.id);
      this.rows.set(row.id, known === undefined ? row : combineFirings(known, row));
    }
  }

  firings(): string[] {
    return [...this.rows.values()]
      .map(({ startsAt, endsAt, status }) => `${startsAt} ${endsAt ?? 'open'} ${status}`)
      .sort((a, b) => (a < b ? -1 : 1));
  }
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  const list = [...items];
  for (let last = list.length - 1; last > 0; last--) {
    const other = random.integer(last + 1);
    [list[last], list[other]] = [list[other]!, list[last]!];
  }
  return list;
}

describe('messages of changes of state', () => {
  test('in order are the firings that they tell of, however often each is repeated', () => {
    const random = seededRandom(3);
    for (let round = 0; round < 50; round++) {
      const changes = Array.from({ length: 1 + random.integer(12) }, (_, index) =>
        message(index % 2 === 0 ? 'fires' : 'over', index * 5),
      );
      const table = new Table();
      for (const change of changes) for (let time = 0; time <= random.integer(3); time++) table.send(change);
      const expected: string[] = [];
      for (let index = 0; index < changes.length; index += 2) {
        const over = changes[index + 1];
        expected.push(`${at(index * 5)} ${over ? `${over.endsAt} resolved` : 'open firing'}`);
      }
      expect(table.firings()).toEqual(expected);
    }
  });

  test('of one body are paired by time, whatever their place and however they are cut into batches', () => {
    const random = seededRandom(4);
    for (let round = 0; round < 50; round++) {
      const changes = Array.from({ length: 2 * (1 + random.integer(6)) }, (_, index) =>
        message(index % 2 === 0 ? 'fires' : 'over', index * 5),
      );
      const whole = new Table();
      whole.send(...shuffled([...changes, ...changes], random));
      const oneByOne = new Table();
      for (const change of changes) oneByOne.send(change);
      expect(whole.firings()).toEqual(oneByOne.firings());
    }
  });

  test('that overtake each other by one place end in the same firings', () => {
    const random = seededRandom(5);
    for (let round = 0; round < 100; round++) {
      const changes = Array.from({ length: 2 * (1 + random.integer(5)) }, (_, index) =>
        message(index % 2 === 0 ? 'fires' : 'over', index * 5),
      );
      const inOrder = new Table();
      for (const change of changes) inOrder.send(change);
      const swapped = [...changes];
      for (let place = 0; place + 1 < swapped.length; place += 2) {
        if (random.integer(2) === 0) continue;
        [swapped[place], swapped[place + 1]] = [swapped[place + 1]!, swapped[place]!];
      }
      const table = new Table();
      for (const change of swapped) table.send(change);
      expect(table.firings()).toEqual(inOrder.firings());
    }
  });

  test('in any order leave nothing firing that was told to be over last', () => {
    const random = seededRandom(6);
    for (let round = 0; round < 200; round++) {
      const changes = Array.from({ length: 2 * (1 + random.integer(4)) }, (_, index) =>
        message(index % 2 === 0 ? 'fires' : 'over', index * 5),
      );
      const last = changes.at(-1)!;
      const table = new Table();
      // The last end comes last: whatever went wrong before is set right by it.
      for (const change of shuffled(changes.slice(0, -1), random)) table.send(change);
      table.send(last);
      expect([...table.rows.values()].filter(({ status }) => status !== 'resolved')).toEqual([]);
    }
  });

  test('of other conditions do not touch each other', () => {
    const table = new Table();
    table.send(message('fires', 0, 'a'), message('over', 5, 'b'), message('fires', 3, 'b'));
    expect(table.firings()).toEqual([`${at(0)} open firing`, `${at(3)} ${at(5)} resolved`]);
  });

  test('keep the words of the beginning, whichever comes first', () => {
    for (const order of [
      ['fires', 'over'],
      ['over', 'fires'],
    ] as const) {
      const table = new Table();
      for (const state of order) table.send(message(state, state === 'fires' ? 0 : 5));
      expect([...table.rows.values()]).toMatchObject([{ severity: 'high', status: 'resolved' }]);
    }
  });

  test('by the hundred thousand about one condition take no longer than their number', () => {
    const flapping = Array.from({ length: 100_000 }, (_, index) =>
      message(index % 2 === 0 ? 'fires' : 'over', index),
    );
    expect(pairFirings([], flapping)).toHaveLength(50_000);
  });
});
