import { describe, expect, test } from '@jest/globals';
import { controlCells, requestStop, runPhase, StoppedWork } from '../../../src/learn/trees/crew';

const freshControl = (): Int32Array =>
  new Int32Array(new SharedArrayBuffer(controlCells * Int32Array.BYTES_PER_ELEMENT));

describe('a crew', () => {
  test('does every unit of every phase once, also past the number at which phases begin anew', () => {
    const control = freshControl();
    for (let phase = 0; phase < 5_000; phase++) {
      const done: number[] = [];
      runPhase(control, phase % 7, 3, (kind, unit) => {
        expect(kind).toBe(phase % 7);
        done.push(unit);
      });
      expect(done).toEqual([0, 1, 2]);
    }
  });

  test('does not wait for a unit that a lost thread has taken once a stop is requested', () => {
    const control = freshControl();
    const claim = 0;
    let runs = 0;
    const loseTheNext = (): void => {
      runs++;
      Atomics.add(control, claim, 1);
      requestStop(control);
    };
    expect(() => runPhase(control, 0, 2, loseTheNext)).toThrow(StoppedWork);
    expect(runs).toBe(1);
  });
});
