import { describe, expect, test } from '@jest/globals';
import { bestF1 } from '../../../src/learn/score';
import { faultKinds, generateServers, logLines, serverMetrics } from '../../../src/anomalies/demo';

const small = { seed: 7, servers: 6, weeks: 1 } as const;

const fleet = generateServers(small);

describe('generated servers', () => {
  test('the same options give the same bytes, another seed gives others', () => {
    const again = generateServers(small);
    const bytesOf = ({ servers }: typeof fleet): Buffer => Buffer.from(servers[3]!.values.values.buffer);
    expect(bytesOf(again).equals(bytesOf(fleet))).toBe(true);
    expect(again.faults).toEqual(fleet.faults);
    expect(generateServers({ ...small, seed: 8 }).faults).not.toEqual(fleet.faults);
  });

  test('every kind of fault comes in both halves of the time', () => {
    const middle = fleet.servers[0]!.startMinute + fleet.servers[0]!.values.n / 2;
    for (const { name } of faultKinds) {
      const of = fleet.faults.filter(({ kind }) => kind === name);
      expect(of.some(({ fromMinute }) => fromMinute < middle)).toBe(true);
      expect(of.some(({ fromMinute }) => fromMinute >= middle)).toBe(true);
    }
  });

  test('labels are the minutes of the faults and nothing else', () => {
    for (const { instance, startMinute, labels } of fleet.servers) {
      const expected = new Uint8Array(labels.length);
      for (const fault of fleet.faults.filter((other) => other.instance === instance)) {
        expected.fill(1, fault.fromMinute - startMinute, fault.toMinute - startMinute);
      }
      expect(labels).toEqual(expected);
    }
  });

  test('values keep to what their metric can be, gaps are NaN, and the counter falls only when it starts anew', () => {
    const { values } = fleet.servers[0]!;
    let missing = 0;
    let falls = 0;
    let impossible = 0;
    let before = 0;
    for (let row = 0; row < values.n; row++) {
      serverMetrics.forEach(({ minimum, maximum, kind }, column) => {
        const value = values.values[row * values.d + column]!;
        if (Number.isNaN(value)) {
          missing++;
          return;
        }
        if (!(value >= minimum && value <= (maximum ?? Infinity))) impossible++;
        if (kind === 'counter') {
          if (value < before) falls++;
          before = value;
        }
      });
    }
    expect(impossible).toBe(0);
    expect(missing).toBeGreaterThan(0);
    expect(missing).toBeLessThan(0.01 * values.values.length);
    expect(falls).toBeLessThan(10);
  });

  test('no single metric tells the faults from the rest', () => {
    const { d } = fleet.servers[0]!.values;
    const every = 7;
    for (let column = 0; column < d; column++) {
      const present = fleet.servers.flatMap(({ values, labels }) =>
        Array.from(labels, (label, row) => ({ label, value: values.values[row * d + column]! })).filter(
          ({ value }, row) => row % every === 0 && !Number.isNaN(value),
        ),
      );
      const labels = present.map(({ label }) => label);
      for (const sign of [1, -1]) {
        const { f1 } = bestF1(
          present.map(({ value }) => sign * value),
          labels,
        );
        expect(f1).toBeLessThan(0.6);
      }
    }
  });
});

describe('log lines of a generated server', () => {
  const server = fleet.servers.find(({ plan }) => plan.length > 0)!;
  const lines = logLines(server, fleet.seed);

  test('come in order of time and are the same again', () => {
    expect(lines.length).toBeGreaterThan(1_000);
    expect(lines.every(({ at }, index) => index === 0 || lines[index - 1]!.at <= at)).toBe(true);
    expect(logLines(server, fleet.seed)).toEqual(lines);
  });

  test('a fault is heard while it lasts', () => {
    const fault = server.plan[0]!;
    const kind = faultKinds.find(({ name }) => name === fault.kind)!;
    const words = kind.logMessages[0].split('#')[0]!;
    const minutes = lines
      .filter(({ message }) => message.startsWith(words))
      .map(({ at }) => Math.floor(Date.parse(at) / 60_000) - server.startMinute);
    expect(minutes.some((minute) => minute >= fault.beginMinute && minute < fault.endMinute)).toBe(true);
    const others = server.plan.filter((other) => other !== fault && other.kind === fault.kind);
    expect(
      minutes.every((minute) =>
        [fault, ...others].some((of) => minute >= of.beginMinute && minute < of.endMinute),
      ),
    ).toBe(true);
  });
});
