import { resolve } from 'node:path';
import { Command } from 'commander';
import type { Benchmark, Measurement } from '../bench/benchmark';
import { createOutput } from '../output';
import { exitCodes } from '../exitCodes';

export function benchCommand(): Command {
  return new Command('bench')
    .description('measure speed and memory against the targets, and against peers on the same data')
    .option('--only <name>', 'run this benchmark; may be given again', collect, [])
    .option('--shared <folder>', 'folder with the real data and reference answers', '../shared')
    .option('--list', 'print the names and end')
    .option('--json', 'print one JSON document on standard output and nothing else')
    .action(async (options: { only: string[]; shared: string; list?: boolean; json?: boolean }) => {
      const output = createOutput({ json: options.json === true });
      // The peers are development packages, which are not installed everywhere.
      const { benchmarks } = require('../bench') as typeof import('../bench');
      if (options.list) {
        for (const { name } of benchmarks) output.say(name);
        return;
      }
      const unknown = options.only.filter((name) => !benchmarks.some((benchmark) => benchmark.name === name));
      if (unknown.length > 0) {
        process.stderr.write(`no benchmark named ${unknown.join(', ')}; see quarterdeck bench --list\n`);
        process.exitCode = exitCodes.usage;
        return;
      }
      const chosen = benchmarks.filter(
        ({ name }) => options.only.length === 0 || options.only.includes(name),
      );
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
    });
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

function collect(value: string, previous: string[]): string[] {
  return [...previous, value];
}
