import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { ModelServer, type ModelServerLimits } from '../../../src/anomalies/serve/modelServer';
import { QuarterdeckError } from '../../../src/contracts';
import { matrixFromRows } from '../../../src/learn/matrix';
import { recordingTelemetry } from '../../support/recordingTelemetry';
import { meanModel, MemorySource } from '../../support/servedModels';
import { testClock } from '../../support/testClock';

const signal = AbortSignal.timeout(30_000);
const name = 'xgboost_anomaly';
const row = matrixFromRows([[0.25, 0.75]]);

function setUp(limits: Partial<ModelServerLimits> = {}) {
  const source = new MemorySource();
  const clock = testClock();
  const telemetry = recordingTelemetry();
  const server = new ModelServer(source, { clock, telemetry }, { keepUnusedMs: 0, ...limits });
  const ask = (version?: string) =>
    server.use(name, version, signal, async (pinned) => {
      await pinned.classify(row, signal);
      return pinned.model.version;
    });
  return { source, clock, telemetry, server, ask };
}

describe('serving versions', () => {
  test('without a promoted version there is nothing to serve', async () => {
    const { ask } = setUp();
    await expect(ask()).rejects.toMatchObject({ code: 'MODEL_MISSING' });
  });

  test('the pointer is looked at again beside the work, and before it after a rest', async () => {
    const { ask, source, clock } = setUp({ lookAgainMs: 1_000, waitForLookMs: 10_000, keepUnusedMs: 60_000 });
    source.promote(meanModel(name, '2026/q3/r1', 2));
    expect(await ask()).toBe('2026/q3/r1');
    source.promote(meanModel(name, '2026/q3/r2', 2));
    expect(await ask()).toBe('2026/q3/r1');
    clock.advance(1_000);
    expect(await ask()).toBe('2026/q3/r1');
    await setImmediate();
    expect(await ask()).toBe('2026/q3/r2');
    source.promote(meanModel(name, '2026/q3/r3', 2));
    clock.advance(10_000);
    expect(await ask()).toBe('2026/q3/r3');
  });

  test('a swap under load fails no request, changes no version under one, and closes the old one after', async () => {
    const { source, clock, server } = setUp({ lookAgainMs: 0 });
    const models = Array.from({ length: 7 }, (_, index) => meanModel(name, `2026/q3/r${index + 1}`, 2));
    source.promote(models[0]!);
    let promoted = 0;
    const answers = await Promise.all(
      Array.from({ length: 600 }, async (_, index) => {
        for (let turn = 0; turn < index % 60; turn++) await setImmediate();
        if (index % 100 === 99) source.promote(models[++promoted]!);
        clock.advance(1);
        return server.use(name, undefined, signal, async (pinned) => {
          const before = pinned.model.version;
          await setImmediate();
          const { probabilities } = await pinned.classify(row, signal);
          expect(pinned.model.version).toBe(before);
          expect((pinned.model as { closed?: boolean }).closed).toBe(false);
          return probabilities[1];
        });
      }),
    );
    expect(new Set(answers)).toEqual(new Set([0.5]));
    await server.refresh(name, signal);
    const current = models[promoted]!;
    expect(promoted).toBe(6);
    expect(models.filter((model) => !model.closed)).toEqual([current]);
  });

  test('a request that holds the old version keeps it open until it ends', async () => {
    const { source, server } = setUp();
    const [old, next] = [meanModel(name, '2026/q3/r1', 2), meanModel(name, '2026/q3/r2', 2)];
    source.promote(old);
    let open = (): void => {};
    old.gate = new Promise((resolve) => (open = resolve));
    const running = server.use(name, undefined, signal, (pinned) => pinned.classify(row, signal));
    await setImmediate();
    source.promote(next);
    expect(await server.refresh(name, signal)).toBe('2026/q3/r2');
    expect(old.closed).toBe(false);
    open();
    expect((await running).labels.length).toBe(1);
    await setImmediate();
    expect(old.closed).toBe(true);
  });

  test('a version asked for by name is opened once for all who ask', async () => {
    const { source, server, ask } = setUp({ keepUnusedMs: 60_000 });
    source.promote(meanModel(name, '2026/q3/r1', 2));
    source.promote(meanModel(name, '2026/q3/r2', 2));
    expect(new Set(await Promise.all([ask('2026/q3/r1'), ask('2026/q3/r1')]))).toEqual(
      new Set(['2026/q3/r1']),
    );
    expect(server.loaded().map(({ version }) => version)).toEqual(['2026/q3/r1']);
    await expect(ask('2026/q3/r9')).rejects.toMatchObject({ code: 'MODEL_MISSING' });
  });

  test('while storage is away, or the next version is damaged, the last good one serves on', async () => {
    const { source, clock, ask, telemetry } = setUp();
    source.promote(meanModel(name, '2026/q3/r1', 2));
    await ask();
    source.failure = new QuarterdeckError('MODEL_CORRUPT', 'cut short');
    clock.advance(60_000);
    expect(await ask()).toBe('2026/q3/r1');
    expect(telemetry.exceptions).toHaveLength(1);
  });

  test('a caller that gives up while a version is read leaves the others waiting', async () => {
    const { source, server, ask } = setUp();
    const model = meanModel(name, '2026/q3/r1', 2);
    let found = (): void => {};
    source.current = () => new Promise((resolve) => (found = () => resolve(model)));
    const stop = new AbortController();
    const stopped = server.use(name, undefined, stop.signal, async () => 'used');
    const waiting = ask();
    stop.abort();
    await expect(stopped).rejects.toMatchObject({ code: 'ABORTED' });
    found();
    expect(await waiting).toBe('2026/q3/r1');
  });
});
