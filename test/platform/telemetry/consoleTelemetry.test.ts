import { describe, expect, test } from '@jest/globals';
import { QuarterdeckError } from '../../../src/contracts';
import { consoleTelemetry, type LogLevel } from '../../../src/platform/telemetry/consoleTelemetry';
import { testClock } from '../../support/testClock';

function open(level: LogLevel) {
  const lines: string[] = [];
  const telemetry = consoleTelemetry(testClock(), level, (line) => lines.push(line));
  return { telemetry, events: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>), lines };
}

describe('console telemetry', () => {
  test('writes one JSON object a line, whatever is in the text', () => {
    const { telemetry, lines, events } = open('info');
    telemetry.log('info', 'two\nlines', { scope: 'A', rows: 3 });
    expect(lines[0]).not.toContain('\n');
    expect(events()).toEqual([
      { time: '2026-10-05T12:00:00.000Z', severity: 'info', message: 'two\nlines', scope: 'A', rows: 3 },
    ]);
  });

  test.each<[LogLevel, string[]]>([
    ['debug', ['debug', 'info', 'warning', 'error', 'debug']],
    ['warning', ['warning', 'error']],
    ['silent', []],
  ])('at level %s', (level, expected) => {
    const { telemetry, events } = open(level);
    for (const severity of ['debug', 'info', 'warning', 'error'] as const) telemetry.log(severity, severity);
    telemetry.metric('training.overdue', 1, { scope: 'A' });
    expect(events().map(({ severity }) => severity)).toEqual(expected);
  });

  test('an exception shows its code and causes, without secrets', () => {
    const { telemetry, events } = open('error');
    const cause = new Error('connect failed for jane@corp.example');
    telemetry.exception(new QuarterdeckError('STORAGE_UNAVAILABLE', 'password=hunter2', { cause }));
    telemetry.exception('thrown text');
    expect(events()).toMatchObject([
      {
        code: 'STORAGE_UNAVAILABLE',
        message: 'password=[secret]',
        causes: 'connect failed for [email]',
      },
      { message: 'thrown text' },
    ]);
  });

  test('a span gives its result or its error, and says how it went', async () => {
    const { telemetry, events } = open('debug');
    expect(await telemetry.span('good', {}, () => Promise.resolve(7))).toBe(7);
    await expect(telemetry.span('bad', {}, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(events()).toMatchObject([
      { span: 'good', outcome: 'ok' },
      { span: 'bad', outcome: 'failed' },
    ]);
  });
});
