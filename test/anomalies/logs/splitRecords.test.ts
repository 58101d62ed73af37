import { describe, expect, test } from '@jest/globals';
import { longestRecord, RecordSplitter } from '../../../src/anomalies/logs';

function split(...chunks: string[]): string[] {
  const splitter = new RecordSplitter();
  return [...chunks.flatMap((chunk) => splitter.push(chunk)), ...splitter.end()];
}

const java = [
  '2026-07-01 08:30:05 ERROR failed',
  'java.lang.IllegalStateException: no',
  '\tat a.B.c(D.java:1)',
  'Caused by: x.Y: z',
  '\t... 12 more',
];
const python = [
  '2026-07-01 08:30:05 ERROR failed',
  'Traceback (most recent call last):',
  '  File "a.py", line 1, in <module>',
  'a.b.ValueError: no',
];

describe('RecordSplitter', () => {
  test('gives one record a line, with LF and CRLF, and none for empty lines', () => {
    expect(split('one\ntwo\r\n\nthree')).toEqual(['one', 'two', 'three']);
    expect(split('')).toEqual([]);
  });

  test('gives the same records however the stream is cut', () => {
    const text = [...java, 'next', ...python, 'after'].join('\r\n');
    const whole = split(text);
    for (const size of [1, 2, 3, 7, 50]) {
      const chunks = text.match(new RegExp(`[^]{1,${size}}`, 'g'))!;
      expect(split(...chunks)).toEqual(whole);
    }
  });

  test('folds a Python traceback with the error at its end, and no line after it', () => {
    expect(split(`${python.join('\n')}\nnext: line\n`)).toEqual([python.join('\n'), 'next: line']);
  });

  test('folds the frames and causes of a Java stack trace', () => {
    expect(split(java.slice(1).join('\n'), '\nnext')).toEqual([java.slice(1).join('\n'), 'next']);
  });

  test('ends a line that never ends at the longest record, losing nothing', () => {
    const records = split('a'.repeat(longestRecord), 'b'.repeat(longestRecord), 'c');
    expect(records.map(({ length }) => length)).toEqual([longestRecord, longestRecord, 1]);
    expect(records.join('')).toBe('a'.repeat(longestRecord) + 'b'.repeat(longestRecord) + 'c');
  });

  test('starts a new record when a trace goes on for too long, losing no line', () => {
    const frames = Array.from({ length: 5_000 }, (_, index) => `\tat frame.number${index}(Frame.java)`);
    const records = split(['boom', ...frames].join('\n'));
    expect(records.length).toBeGreaterThan(1);
    expect(records.join('\n')).toBe(['boom', ...frames].join('\n'));
  });
});
