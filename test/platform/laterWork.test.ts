import { describe, expect, test } from '@jest/globals';
import { createLaterWork } from '../../src/platform/laterWork';
import { closedGate } from '../support/gate';
import { recordingTelemetry } from '../support/recordingTelemetry';

describe('later work', () => {
  test('is not waited for by who starts it, and is waited for at the end', async () => {
    const later = createLaterWork(recordingTelemetry());
    const gate = closedGate();
    const done: string[] = [];
    await later.start('slow', async () => {
      await gate.passed;
      done.push('slow');
    });
    later.atEnd('last', async () => void done.push('last'));
    const finished = later.finish();
    expect(done).toEqual([]);
    gate.open();
    await finished;
    expect(done).toEqual(['slow', 'last']);
    await later.finish();
    expect(done).toEqual(['slow', 'last']);
  });

  test('what fails is told, and keeps neither the rest nor the end', async () => {
    const telemetry = recordingTelemetry();
    const later = createLaterWork(telemetry);
    const done: string[] = [];
    const fail = async (): Promise<void> => Promise.reject(new Error('storage is away'));
    await later.start('first', fail);
    await later.start('second', async () => void done.push('second'));
    later.atEnd('third', fail);
    await later.finish();
    expect(done).toEqual(['second']);
    expect(telemetry.exceptions.map(({ fields }) => fields)).toEqual([
      { later: 'first' },
      { later: 'third' },
    ]);
  });

  test('cannot pile up: past its bound the next one waits for one to end', async () => {
    const later = createLaterWork(recordingTelemetry());
    const gates = Array.from({ length: 64 }, () => closedGate());
    for (const gate of gates) await later.start('busy', () => gate.passed);
    let started = false;
    const next = later.start('next', async () => {
      started = true;
    });
    await Promise.resolve();
    expect(started).toBe(false);
    gates[7]!.open();
    await next;
    expect(started).toBe(true);
    for (const gate of gates) gate.open();
    await later.finish();
  });
});
