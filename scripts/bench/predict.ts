import { quarterBounds } from '../../src/contracts';
import { generateTickets } from '../../src/incidents/demo/generateTickets';
import { preprocessAll } from '../../src/incidents/preprocess/preprocessAll';
import type { Benchmark, BenchmarkContext, Measurement } from './benchmark';
import { withBenchStore } from './pipelineBench';

const storeAtOnce = 2_000;
const quarter = { year: 2026, quarter: 'q3' } as const;

/** 15,000 new tickets over 15 tech centres, with models trained on as many of the quarter before. */
export const benchmarks: readonly Benchmark[] = [{ name: 'predict', run: measure }];

function measure(context: BenchmarkContext): Promise<Measurement[]> {
  const { incidents } = generateTickets({
    seed: 1,
    endingQuarter: quarter,
    quarters: 2,
    perQuarter: 1_000,
  });
  const { from } = quarterBounds(quarter);
  const history = incidents.filter(({ sysCreatedOn }) => sysCreatedOn < from);
  const fresh = incidents.filter(({ sysCreatedOn }) => sysCreatedOn >= from);
  return withBenchStore(async (store) => {
    const add = (tickets: typeof incidents): Promise<void> =>
      store.prepare(async (platform) => {
        const { signal } = new AbortController();
        for (let start = 0; start < tickets.length; start += storeAtOnce) {
          await platform.warehouse.mergeIncidents(tickets.slice(start, start + storeAtOnce), signal);
        }
        await preprocessAll(platform, {}, signal);
      });
    context.log(`storing and preprocessing ${history.length} tickets of the quarter before`);
    await add(history);
    context.log('training on them and predicting them');
    await store.measure(['train', '2026q2', '2']);
    await store.measure(['predict']);
    context.log(`storing and preprocessing ${fresh.length} new tickets`);
    await add(fresh);
    context.log('predicting the new ones');
    const { seconds, peakMiB, rows, failed, noise = 0 } = await store.measure(['predict']);
    return [
      {
        figure: 'predict new tickets of 15 tech centres',
        value: seconds,
        unit: 's',
        target: '<= 30',
        extra: { rows, noise, failed },
      },
      { figure: 'predict, peak memory', value: peakMiB, unit: 'MiB', target: '<= 1536' },
    ];
  });
}
