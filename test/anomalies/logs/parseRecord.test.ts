import { describe, expect, test } from '@jest/globals';
import { localOffsetOf, parseLogRecord, type ParsedRecord } from '../../../src/anomalies/logs';

const context = { arrivedAtMicros: Date.UTC(2026, 6, 2, 12) * 1000, localOffset: localOffsetOf('UTC') };
const at = Date.UTC(2026, 6, 1, 8, 30, 5) * 1000;

function parse(text: string): Omit<ParsedRecord, 'metadata'> & { metadata: object } {
  const record = parseLogRecord(text, context);
  return { ...record, metadata: { ...record.metadata } };
}

describe('parseLogRecord', () => {
  test('reads JSON by whatever names its logger gave, and keeps the rest', () => {
    const text =
      '{"@timestamp":"2026-07-01T08:30:05Z","log.level":"WARN","logger":"orders","msg":"slow","http":{"status":503,"path":"/a"},"tags":["x"]}';
    expect(parse(text)).toEqual({
      atMicros: at,
      level: 'warning',
      source: 'orders',
      message: 'slow',
      metadata: { 'http.status': 503, 'http.path': '/a', tags: '["x"]' },
      format: 'json',
    });
    expect(parse('{"level":50,"time":1782894605000,"msg":"no","pid":7}')).toMatchObject({
      atMicros: at,
      level: 'error',
      message: 'no',
      metadata: { pid: 7 },
    });
  });

  test('keeps a key that means something to JavaScript as a key', () => {
    const record = parseLogRecord('{"__proto__":{"polluted":1},"constructor":"x","msg":"m"}', context);
    expect(Object.entries(record.metadata)).toEqual([
      ['__proto__.polluted', 1],
      ['constructor', 'x'],
    ]);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  test('takes a line that only begins like JSON as it is', () => {
    expect(parse('{not json} at all')).toMatchObject({ format: 'plain', message: '{not json} at all' });
    expect(parse('{"msg":')).toMatchObject({ format: 'plain', message: '{"msg":' });
  });

  test('reads logfmt with quotes, numbers and flags', () => {
    const text = String.raw`ts=2026-07-01T08:30:05Z level=error component=api msg="it said \"no\"\n" took=12 code=007 retry`;
    expect(parse(text)).toEqual({
      atMicros: at,
      level: 'error',
      source: 'api',
      message: 'it said "no"\n',
      metadata: { took: 12, code: '007', retry: true },
      format: 'logfmt',
    });
  });

  test('reads RFC 5424 with structured data', () => {
    const text =
      String.raw`<165>1 2026-07-01T08:30:05Z web-1 evntslog 42 ID47 [ex@1 iut="3" note="a \"b\" \]"][x@2 k="v"] ` +
      '\uFEFFAn event';
    expect(parse(text)).toEqual({
      atMicros: at,
      level: 'info',
      source: 'evntslog',
      message: 'An event',
      metadata: {
        facility: 20,
        host: 'web-1',
        process: '42',
        message_id: 'ID47',
        'ex@1.iut': '3',
        'ex@1.note': 'a "b" ]',
        'x@2.k': 'v',
      },
      format: 'syslog',
    });
    expect(parse('<11>1 - - - - - - failed')).toMatchObject({
      level: 'error',
      atMicros: undefined,
      source: null,
      message: 'failed',
    });
  });

  test('reads the older system log with and without its priority', () => {
    const expected = { atMicros: at, source: 'sshd', message: 'Failed password for root' };
    const metadata = { host: 'web-1', process: '123' };
    expect(parse('<34>Jul  1 08:30:05 web-1 sshd[123]: Failed password for root')).toMatchObject({
      ...expected,
      level: 'fatal',
      metadata: { ...metadata, facility: 4 },
    });
    expect(parse('Jul  1 08:30:05 web-1 sshd[123]: Failed password for root')).toMatchObject({
      ...expected,
      level: 'info',
      metadata,
    });
    expect(parse('2026-07-01T08:30:05+00:00 web-1 sshd[123]: Failed password for root')).toMatchObject({
      ...expected,
      metadata,
    });
  });

  test('reads access logs; the status says how bad it was', () => {
    const text =
      '10.0.0.7 - alice [01/Jul/2026:08:30:05 +0000] "GET /a?b=c HTTP/1.1" 503 1234 "https://example.com/" "curl/8 \\"x\\""';
    expect(parse(text)).toEqual({
      atMicros: at,
      level: 'error',
      source: null,
      message: 'GET /a?b=c HTTP/1.1 503',
      metadata: {
        client: '10.0.0.7',
        user: 'alice',
        status: 503,
        bytes: 1234,
        referer: 'https://example.com/',
        agent: 'curl/8 "x"',
      },
      format: 'common-log',
    });
    expect(parse('::1 - - [01/Jul/2026:08:30:05 +0000] "-" 408 -')).toMatchObject({
      level: 'warning',
      metadata: { client: '::1', status: 408 },
    });
  });

  test.each([
    [
      '2026-07-01 08:30:05,000 [main] WARN com.example.Orders - queue is full',
      'warning',
      'com.example.Orders',
      'queue is full',
    ],
    ['2026-07-01T08:30:05Z ERROR orders: queue is full', 'error', 'orders', 'queue is full'],
    ['[2026-07-01 08:30:05] [error] [worker-7] queue is full', 'error', null, 'queue is full'],
    [
      '2026-07-01 08:30:05.000  INFO 7 --- [nio-1] c.e.Orders : queue is full',
      'info',
      null,
      '7 --- [nio-1] c.e.Orders : queue is full',
    ],
    [
      '260701 083005 148 INFO dfs.DataNode$PacketResponder: terminating',
      'info',
      null,
      '148 INFO dfs.DataNode$PacketResponder: terminating',
    ],
    ['2026-07-01 08:30:05 queue is full', 'info', null, 'queue is full'],
    ['2026-07-01 08:30:05 error budget is used up', 'error', null, 'budget is used up'],
    ['2026-07-01 08:30:05', 'info', null, ''],
  ])('reads %s', (text, level, source, message) => {
    expect(parse(text)).toMatchObject({ atMicros: at, level, source, message });
  });

  test('reads what Kubernetes writes', () => {
    expect(parse('E0701 08:30:05.000000    1234 reflector.go:12] failed to list')).toMatchObject({
      atMicros: at,
      level: 'error',
      source: 'reflector.go:12',
      message: 'failed to list',
      metadata: { thread: '1234' },
    });
  });

  test('finds pairs inside a message and leaves them there', () => {
    expect(parse('2026-07-01 08:30:05 INFO done user=7, took=12ms; = a==b')).toMatchObject({
      message: 'done user=7, took=12ms; = a==b',
      metadata: { user: '7', took: '12ms', a: '=b' },
    });
  });

  test('keeps a stack trace with its message', () => {
    const trace = '2026-07-01 08:30:05 ERROR boom\n\tat a.B(C.java:1)\nCaused by: x';
    expect(parse(trace)).toMatchObject({ level: 'error', message: 'boom\n\tat a.B(C.java:1)\nCaused by: x' });
  });

  test('cuts a message that no table can bear', () => {
    const message = parse(`2026-07-01 08:30:05 INFO ${'x'.repeat(1_000_000)}`).message;
    expect(message).toHaveLength(16_385);
    expect(message.endsWith('x…')).toBe(true);
  });

  test('never throws, whatever the text', () => {
    const alphabet = [
      '<',
      '1',
      '>',
      ' ',
      '[',
      ']',
      '"',
      '=',
      '\\',
      '{',
      '}',
      ':',
      '-',
      'J',
      'u',
      'l',
      '2026-07-01',
      'T',
      '08:30:05',
      '\n',
      '\uD800',
    ];
    let state = 7;
    for (let index = 0; index < 20_000; index++) {
      let text = '';
      for (let part = 0; part < 12; part++) {
        state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
        text += alphabet[(state >> 8) % alphabet.length];
      }
      const { level, message } = parseLogRecord(text, context);
      expect([level.length > 0, typeof message]).toEqual([true, 'string']);
    }
  });

  test.each([
    ['blanks', (n: number) => ' '.repeat(n)],
    ['equals signs', (n: number) => 'a='.repeat(n / 2)],
    ['brackets', (n: number) => '['.repeat(n)],
    ['quotes', (n: number) => `a="${'\\"'.repeat(n / 2)}`],
    ['structured data', (n: number) => `<1>1 - a b c d [x ${'a="b" '.repeat(n / 6)}`],
    ['access log starts', (n: number) => ' ["] "'.repeat(n / 6)],
  ])('takes time in proportion to a line of %s', (_, make) => {
    // Work that grew with the square of the length would take minutes here and run into the test's time limit.
    expect(parseLogRecord(make(3_000_000), context).message.length).toBeLessThanOrEqual(16_385);
  });
});
