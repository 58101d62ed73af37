import { resolve } from 'node:path';
import { Command } from 'commander';
import type { Benchmark, Measurement } from '../bench/benchmark';
import { createOutput, type Output } from '../output';
import { QuarterdeckError } from '../../src/contracts';
import { reportFailure } from '../reportFailure';
import { repeatableOption } from './repeatableOption';

interface BenchOptions {
  readonly only: readonly string[];
  readonly shared: string;
  readonly list?: boolean;
  readonly json?: boolean;
}

export function benchCommand(): Command {
  return new Command('bench')
    .description('measure speed and memory against the targets, and against peers on the same data')
    .addOption(repeatableOption('--only <name>', 'run this benchmark'))
    .option('--shared <folder>', 'folder with the real data and reference answers', '../shared')
    .option('--list', 'print the names and end')
    .option('--json', 'print one JSON document on standard output and nothing else')
    .action(async (options: BenchOptions) => {
      const output = createOutput({ json: options.json === true });
      try {
        await bench(options, output);
      } catch (error) {
        process.exitCode = reportFailure(error, output, false);
      }
    });
}

async function bench(options: BenchOptions, output: Output): Promise<void> {
  // The peers are development packages, which are not installed everywhere.
  const { benchmarks } = require('../bench') as typeof import('../bench');
  const names = benchmarks.map(({ name }) => name);
  if (options.list) {
    for (const name of names) output.say(name);
    output.result({ benchmarks: names });
    return;
  }
  const unknown = options.only.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    throw new QuarterdeckError(
      'NOT_FOUND',
      `no benchmark named ${unknown.join(', ')}; there are ${names.join(', ')}`,
      { culprit: { option: 'only' } },
    );
  }
  const chosen = benchmarks.filter(({ name }) => options.only.length === 0 || options.only.includes(name));
  const results: { benchmark: string; measurements: Measurement[] }[] = [];
  for (const benchmark of chosen) {
    process.stderr.write(`${benchmark.name} …\n`);
    results.push({ benchmark: benchmark.name, measurements: await measure(benchmark, options.shared) });
  }
  output.table(
    ['figure', 'ours', 'target', 'peer', 'ratio', 'more'],
    results.flatMap(({ measurements }) => measurements.map(row)),
  );
  output.result({ results });
}

function measure(benchmark: Benchmark, sharedDir: string): Promise<Measurement[]> {
  return benchmark.run({
    sharedDir: resolve(sharedDir),
    log: (line) => process.stderr.write(`  ${line}\n`),
  });
}

function row({ figure, value, unit, target, peer, ratio, extra }: Measurement): string[] {
  const peerText = peer
    ? `${peer.name}: ${peer.value === undefined ? 'missing' : format(peer.value)}${peer.note ? ` (${peer.note})` : ''}`
    : '';
  const more = Object.entries(extra ?? {}).map(([key, amount]) => `${key} ${format(amount)}`);
  return [
    figure,
    `${format(value)} ${unit}`,
    target ?? '',
    peerText,
    ratio === undefined ? '' : format(ratio),
    more.join(', '),
  ];
}

function format(value: number | string): string {
  return typeof value === 'string' ? value : String(Number(value.toPrecision(4)));
}
