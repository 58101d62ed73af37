import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom, shiftTimestamp, type Position, type PreprocessedIncident } from '../../src/contracts';
import { systemClock } from '../../src/platform/systemClock';
import { openDuckDbWarehouse } from '../../src/platform/warehouse/duckdb/openDuckDbWarehouse';
import { tableNames } from '../../src/platform/warehouse/tableNames';
import type { Benchmark, Measurement } from './benchmark';

const rowCount = 15_000;
const width = 600;
const pageSize = 5_000;
/** A merge or a read that hangs must not hang the table. */
const limitMs = 120_000;

function preprocessedRows(): PreprocessedIncident[] {
  const random = seededRandom(1);
  return Array.from({ length: rowCount }, (_, index) => ({
    number: `INC${String(index).padStart(7, '0')}`,
    sysCreatedOn: shiftTimestamp('2026-07-01T00:00:00.000000Z', index * 1_000),
    combinedIncidentsSummary: `Ticket ${index}: the client loses its connection every hour and asks for a password`,
    embedding: new Float32Array(width).map(() => random.next() - 0.5),
    embeddingModel: 'bench@1',
    techCenter: `Centre ${index % 15}`,
    processedAt: '2026-07-02T00:00:00.000000Z',
  }));
}

async function measure(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return Math.round(performance.now() - start);
}

/** One hour's worth of tickets into DuckDB and back, vectors included. */
export const benchmarks: Benchmark[] = [
  {
    name: 'warehouse',
    async run(context): Promise<Measurement[]> {
      const rows = preprocessedRows();
      const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-bench-'));
      const warehouse = openDuckDbWarehouse({
        file: join(folder, 'warehouse.duckdb'),
        tables: tableNames({ QUARTERDECK_TABLE_PREFIX: '', QUARTERDECK_INCIDENTS_TABLE: 'incidents' }),
        clock: systemClock,
      });
      try {
        const signal = AbortSignal.timeout(limitMs);
        await warehouse.prepare(signal);
        const inserted = await measure(() => warehouse.mergePreprocessed(rows, signal));
        const replaced = await measure(() => warehouse.mergePreprocessed(rows, signal));
        let read = 0;
        const readBack = await measure(async () => {
          let after: Position | undefined;
          for (;;) {
            const page = await warehouse.preprocessedBetween(
              { limit: pageSize, ...(after && { after }) },
              signal,
            );
            if (page.length === 0) return;
            read += page.length;
            after = page.at(-1);
          }
        });
        if (read !== rowCount) throw new Error(`read ${read} of ${rowCount} rows back`);
        context.log(`DuckDB: ${rowCount} rows × ${width}`);
        const size = `${rowCount} × ${width}`;
        return [
          { figure: `DuckDB merge of ${size}, all new`, value: inserted, unit: 'ms', target: '<= 2000' },
          { figure: `DuckDB merge of ${size}, all known`, value: replaced, unit: 'ms', target: '<= 2000' },
          {
            figure: `DuckDB read of ${size}, pages of ${pageSize}`,
            value: readBack,
            unit: 'ms',
            target: '<= 2000',
          },
        ];
      } finally {
        await warehouse.close();
        await rm(folder, { recursive: true, force: true });
      }
    },
  },
];
