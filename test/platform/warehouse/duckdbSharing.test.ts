import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Warehouse } from '../../../src/platform/warehouse/warehouse';
import { openDuckDbWarehouse } from '../../../src/platform/warehouse/duckdb/openDuckDbWarehouse';
import { ownTables, realClock, temporaryDuckDb } from '../../support/warehouse';
import { incidentRow, ticketNumber } from '../../support/warehouseRows';

/** Another process on the file; `lines` are what it has printed, `line(n)` waits until there are that many. */
class OtherProcess {
  readonly child: ChildProcess;
  readonly lines: string[] = [];
  errors = '';
  private readonly closed: Promise<unknown>;

  constructor(...command: string[]) {
    this.child = spawn(process.execPath, [join(__dirname, '../../support/warehouseChild.js'), ...command]);
    this.child.stderr!.on('data', (part: Buffer) => (this.errors += part.toString()));
    createInterface({ input: this.child.stdout! }).on('line', (line) => this.lines.push(line));
    this.closed = once(this.child, 'close');
  }

  async line(count: number): Promise<void> {
    while (this.lines.length < count) {
      if (this.child.exitCode !== null)
        throw new Error(`ended after ${this.lines.length} lines: ${this.errors}`);
      await Promise.race([once(this.child.stdout!, 'data'), this.closed]);
    }
  }

  async end(): Promise<void> {
    await this.closed;
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.closed;
  }
}

describe('a DuckDB file between processes', () => {
  let warehouse: Warehouse;
  let file: string;
  let remove: () => Promise<void>;
  const others: OtherProcess[] = [];
  const other = (...command: string[]): OtherProcess => {
    const started = new OtherProcess(file, ...command);
    others.push(started);
    return started;
  };
  const signal = (): AbortSignal => AbortSignal.timeout(50_000);
  const countAll = async (): Promise<number> =>
    (await warehouse.techCenters(signal())).reduce((sum, center) => sum + center.incidents, 0);

  beforeEach(async () => {
    ({ warehouse, file, remove } = await temporaryDuckDb());
  });
  afterEach(async () => {
    await Promise.all(others.splice(0).map((process) => process.kill()));
    await remove();
  });

  it('is let go of when idle, so another process writes and both see it', async () => {
    await warehouse.mergeIncidents([incidentRow()], signal());
    const writer = other('write-once', 'other');
    await writer.end();
    expect(writer.errors).toBe('');
    expect(await countAll()).toBe(2);
  });

  it('goes back and forth between two processes that both write all the time', async () => {
    const writer = other('write-forever', 'other');
    await writer.line(1);
    for (let index = 0; index < 60; index++) {
      await warehouse.mergeIncidents([incidentRow({ number: ticketNumber(index) })], signal());
    }
    const before = writer.lines.length;
    await writer.line(before + 5);
    await writer.kill();
    expect(await countAll()).toBeGreaterThanOrEqual(60 + before + 5);
  });

  it('that another process keeps is busy, by name, when the deadline has passed', async () => {
    const held = openDuckDbWarehouse({ file, tables: ownTables, clock: realClock, busyDeadlineMs: 300 });
    await warehouse.close();
    const holder = other('hold');
    await holder.line(1);
    await expect(held.techCenters(signal())).rejects.toMatchObject({
      code: 'WAREHOUSE_BUSY',
      retryable: true,
      culprit: { file },
    });
    await holder.kill();
    expect(await held.techCenters(signal())).toEqual([]);
    await held.close();
  });

  it('can be waited for no longer than the caller wants', async () => {
    await warehouse.close();
    const holder = other('hold');
    await holder.line(1);
    await expect(warehouse.techCenters(AbortSignal.timeout(100))).rejects.toMatchObject({
      code: 'DEADLINE_EXCEEDED',
    });
    await holder.kill();
  });

  it('holds every acknowledged batch and no half one after its writer was killed', async () => {
    const rowsPerBatch = 50;
    await warehouse.close();
    for (let round = 0; round < 4; round++) {
      const writer = other('write-forever', `round${round}`, String(rowsPerBatch));
      await writer.line(3 + 2 * round);
      await writer.kill();
      const rows = await warehouse.incidentsBetween({ limit: 1_000_000 }, signal());
      await warehouse.close();
      const perBatch = new Map<string, number>();
      for (const { number } of rows) {
        const batch = number.slice(0, number.lastIndexOf('-'));
        perBatch.set(batch, (perBatch.get(batch) ?? 0) + 1);
      }
      expect(new Set(perBatch.values())).toEqual(new Set([rowsPerBatch]));
      for (const index of writer.lines) {
        expect(perBatch.has(`round${round}-${ticketNumber(Number(index))}`)).toBe(true);
      }
    }
  });

  it('is shared by two adapters of one process', async () => {
    const second = openDuckDbWarehouse({ file, tables: ownTables, clock: realClock });
    const write = (adapter: Warehouse, state: string) => (index: number) =>
      adapter.mergeIncidents([incidentRow({ number: ticketNumber(index % 5), state })], signal());
    const indices = Array.from({ length: 20 }, (_, index) => index);
    await Promise.all([...indices.map(write(warehouse, 'first')), ...indices.map(write(second, 'second'))]);
    expect(await second.techCenters(signal())).toMatchObject([{ incidents: 5 }]);
    await second.close();
  });

  it('takes reads and writes at the same time', async () => {
    const work = Array.from({ length: 40 }, (_, index) =>
      index % 2 === 0
        ? warehouse.mergeIncidents([incidentRow({ number: ticketNumber(index) })], signal())
        : warehouse.incidentsBetween({ limit: 100 }, signal()),
    );
    await Promise.all(work);
    expect(await countAll()).toBe(20);
  });
});
