import { localOffsetOf, parseLogRecord, RecordSplitter } from '../../src/anomalies/logs';
import { TemplateMiner } from '../../src/learn/templates';
import type { Benchmark } from './benchmark';

const lineCount = 600_000;
const chunkBytes = 1_048_576;
const megabyte = 1_000_000;
/** The first pass warms up. */
const passes = 3;
const context = { arrivedAtMicros: Date.UTC(2026, 6, 2) * 1000, localOffset: localOffsetOf('UTC') };
const levels = ['INFO', 'WARN', 'ERROR'];

/** Lines of a service: a time, a level, a logger, a message with numbers in it. */
function simpleLines(): Buffer {
  const lines = Array.from({ length: lineCount }, (_, index) => {
    const at = new Date(Date.UTC(2026, 6, 1) + index * 37).toISOString();
    const order = `Order ${index} for customer ${(index * 7) % 1000} took ${index % 90}ms on host-${index % 40}`;
    return `${at} ${levels[index % 3]} com.example.orders.OrderService - ${order}\n`;
  });
  return Buffer.from(lines.join(''));
}

export const benchmarks: readonly Benchmark[] = [
  {
    name: 'logs',
    run: async () => {
      const bytes = simpleLines();
      const messages: string[] = [];
      let parseSeconds = 0;
      for (let pass = 0; pass < passes; pass++) {
        messages.length = 0;
        const started = process.hrtime.bigint();
        parseAll(bytes, messages);
        parseSeconds = Number(process.hrtime.bigint() - started) / 1e9;
      }
      const started = process.hrtime.bigint();
      const miner = new TemplateMiner();
      for (const message of messages) miner.mine(message);
      const mineSeconds = Number(process.hrtime.bigint() - started) / 1e9;
      return Promise.resolve([
        {
          figure: 'log parsing, simple lines, one core',
          value: bytes.length / megabyte / parseSeconds,
          unit: 'MB/s',
          target: '>= 100',
          extra: { lines: messages.length },
        },
        {
          figure: 'template mining, one core',
          value: messages.length / mineSeconds,
          unit: 'lines/s',
          target: '>= 100000',
          extra: { templates: miner.size },
        },
      ]);
    },
  },
];

function parseAll(bytes: Buffer, messages: string[]): void {
  const splitter = new RecordSplitter();
  const take = (records: readonly string[]): void => {
    for (const record of records) messages.push(parseLogRecord(record, context).message);
  };
  for (let start = 0; start < bytes.length; start += chunkBytes) {
    take(splitter.push(bytes.toString('utf8', start, start + chunkBytes)));
  }
  take(splitter.end());
}
