import { join } from 'node:path';
import { importIncidents } from '../../src/incidents/import/importIncidents';
import { preprocessAll } from '../../src/incidents/preprocess/preprocessAll';
import type { Benchmark, BenchmarkContext, Measurement } from './benchmark';
import { withBenchStore } from './pipelineBench';

/** TRAIN_MAX_WORKERS as it is by default. */
const workers = 4;

/** 47,837 real tickets, the eight topics of their file standing for tech centres. */
export const benchmarks: readonly Benchmark[] = [{ name: 'train', run: measure }];

function measure(context: BenchmarkContext): Promise<Measurement[]> {
  return withBenchStore(async (store) => {
    const { signal } = new AbortController();
    await store.prepare(async (platform) => {
      context.log('importing it_tickets');
      const file = join(context.sharedDir, 'data', 'tickets', 'it_tickets.csv.gz');
      const options = {
        map: { description: 'text', tech_center: 'topic' },
        period: { year: 2026, quarter: 'q3' },
      } as const;
      await importIncidents(platform, file, options, { signal });
      context.log('preprocessing them');
      await preprocessAll(platform, {}, signal);
    });
    context.log('training them');
    const {
      seconds,
      peakMiB,
      rows,
      failed,
      clusters = 0,
    } = await store.measure(['train', '2026q3', String(workers)]);
    return [
      {
        figure: 'train it_tickets, 8 tech centres',
        value: seconds,
        unit: 's',
        target: '<= 600',
        extra: { rows, clusters, notCurrent: failed },
      },
      { figure: 'train, peak memory', value: peakMiB, unit: 'MiB', target: '<= 6144' },
    ];
  });
}
