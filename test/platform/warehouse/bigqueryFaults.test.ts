import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { seededRandom } from '../../../src/contracts';
import { openBigQueryWarehouse } from '../../../src/platform/warehouse/bigquery/openBigQueryWarehouse';
import type { Warehouse } from '../../../src/platform/warehouse/warehouse';
import { bigQuerySettings, dataset, quickLimits, temporaryBigQuery } from '../../support/bigquery';
import {
  rateLimited,
  serializationConflict,
  unavailable,
  type Call,
} from '../../support/bigqueryServer/faults';
import type { BigQueryServer } from '../../support/bigqueryServer/server';
import { realClock } from '../../support/warehouse';
import { incidentRow, preprocessedRow, ticketNumber } from '../../support/warehouseRows';

describe('BigQuery when things go wrong', () => {
  let warehouse: Warehouse;
  let server: BigQueryServer;
  let stop: () => Promise<void>;
  let goodToken = true;
  const signal = (): AbortSignal => AbortSignal.timeout(20_000);
  const rows = [1, 2, 3].map((index) => incidentRow({ number: ticketNumber(index) }));
  const stored = async (): Promise<string[]> =>
    (await warehouse.incidentsBetween({ limit: 100 }, signal())).map((row) => row.number);
  const staging = (): string[] =>
    server.engine.tableNames(dataset).filter((name) => name.startsWith('staging_'));

  beforeAll(async () => {
    ({ warehouse, server, stop } = await temporaryBigQuery({ accepts: () => goodToken }));
  });
  afterEach(async () => {
    goodToken = true;
    server.faults.clear();
    await server.engine.clear();
    server.calls.length = 0;
  });
  afterAll(() => stop());

  it.each<Call>(['upload', 'jobs.insert', 'tables.insert'])(
    'stores everything once when the answer to %s is lost after it was done',
    async (call) => {
      server.faults.plan(call, { kind: 'lost answer' });
      await warehouse.mergeIncidents(rows, signal());
      expect(await stored()).toEqual(rows.map((row) => row.number));
      expect(staging()).toEqual([]);
    },
  );

  it.each<Call>(['upload', 'jobs.insert', 'jobs.get', 'tables.insert', 'jobs.query'])(
    'gets past broken connections, 503 and rate limits at %s',
    async (call) => {
      server.faults.plan(call, { kind: 'broken before' });
      server.faults.plan(call, unavailable);
      server.faults.plan(call, rateLimited);
      await warehouse.mergeIncidents(rows, signal());
      expect(await stored()).toEqual(rows.map((row) => row.number));
    },
  );

  it('asks about a job until it is done', async () => {
    server.faults.plan('jobs.insert', { kind: 'slow job', questions: 3 });
    await warehouse.mergeIncidents(rows, signal());
    expect(await stored()).toHaveLength(3);
  });

  it('runs a MERGE again, as a new job, that met a concurrent update', async () => {
    server.faults.plan('jobs.insert', serializationConflict, 2);
    await warehouse.mergeIncidents(rows, signal());
    expect(await stored()).toHaveLength(3);
    expect(server.count('jobs.insert')).toBe(3);
  });

  it('stores nothing of a batch when a load job reports rows it could not take', async () => {
    server.faults.plan('upload', {
      kind: 'failed job',
      reason: 'invalid',
      message: 'Error while reading data, error message: row 1: No such field: x.',
    });
    await expect(warehouse.mergeIncidents(rows, signal())).rejects.toThrow('row 1: No such field');
    expect(await stored()).toEqual([]);
    expect(staging()).toEqual([]);
  });

  it('gives up on a service that stays away, and says that trying later can help', async () => {
    server.faults.plan('jobs.query', unavailable, 100);
    await expect(stored()).rejects.toMatchObject({ code: 'WAREHOUSE_UNAVAILABLE', retryable: true });
    expect(server.count('jobs.query')).toBe(6);
  });

  it('does not repeat what was refused for good', async () => {
    server.faults.plan(
      'jobs.query',
      { kind: 'error', status: 400, reason: 'invalidQuery', message: 'Syntax error' },
      2,
    );
    await expect(stored()).rejects.toMatchObject({ code: 'WAREHOUSE_REJECTED', retryable: false });
    expect(server.count('jobs.query')).toBe(1);
  });

  it('ends a wait for an answer that never comes at its deadline', async () => {
    const impatient = openBigQueryWarehouse(bigQuerySettings(server.endpoint), {
      clock: realClock,
      random: seededRandom(1),
      limits: { ...quickLimits, deadlineMs: 200 },
    });
    server.faults.plan('jobs.query', { kind: 'silence' });
    await expect(impatient.techCenters(signal())).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    server.faults.plan('jobs.query', { kind: 'silence' });
    await expect(warehouse.techCenters(AbortSignal.timeout(50))).rejects.toMatchObject({
      code: 'DEADLINE_EXCEEDED',
    });
  });

  it('takes a new credential once when a token has expired, and names the credential when that fails too', async () => {
    server.faults.plan('jobs.query', { kind: 'error', status: 401, reason: 'authError', message: 'expired' });
    expect(await stored()).toEqual([]);
    goodToken = false;
    server.calls.length = 0;
    await expect(stored()).rejects.toMatchObject({ code: 'CREDENTIAL_REJECTED' });
    expect(server.count('jobs.query')).toBe(2);
  });

  it('stores A, then B, then A again, although the content of the first and third write is the same', async () => {
    const states = ['Open', 'Closed', 'Open'];
    for (const state of states) await warehouse.mergeIncidents([incidentRow({ state })], signal());
    expect(await warehouse.incident('INC0000001', signal())).toMatchObject({ state: 'Open' });
  });

  it('refuses a MERGE into rows that are still in the streaming buffer', async () => {
    const { number, ...rest } = { number: 'INC0000001', short_description: 's', description: 'd' };
    const row = { number, ...rest, sys_created_on: '2026-07-01 08:00:00 UTC', tech_center: 'Service Desk' };
    expect(await server.engine.stream(dataset, 'incidents', [row])).toEqual([]);
    expect(await server.engine.stream(dataset, 'incidents', [{ ...row, unknown: 1 }])).toHaveLength(1);
    expect(await stored()).toEqual(['INC0000001']);
    await expect(warehouse.mergeIncidents(rows, signal())).rejects.toMatchObject({
      code: 'WAREHOUSE_REJECTED',
    });
  });

  it('pages through a result that does not fit one answer', async () => {
    const many = Array.from({ length: 250 }, (_, index) =>
      preprocessedRow({ number: ticketNumber(index), embedding: Float32Array.of(index) }),
    );
    await warehouse.mergePreprocessed(many, signal());
    expect(await warehouse.preprocessedBetween({ limit: 1_000 }, signal())).toEqual(many);
    expect(server.count('jobs.getQueryResults')).toBe(2);
  });
});

describe('BigQuery on a source that is not ours', () => {
  it('reads it, creates none, and refuses to write to it', async () => {
    const owner = await temporaryBigQuery();
    try {
      await owner.warehouse.mergeIncidents([incidentRow()], AbortSignal.timeout(20_000));
      const reader = openBigQueryWarehouse(
        bigQuerySettings(owner.server.endpoint, {
          QUARTERDECK_TABLE_PREFIX: 'reader_',
          QUARTERDECK_INCIDENTS_TABLE: `${dataset}.incidents`,
        }),
        { clock: realClock, random: seededRandom(1), limits: quickLimits },
      );
      const signal = AbortSignal.timeout(20_000);
      await reader.prepare(signal);
      expect(owner.server.engine.tableNames(dataset)).not.toContain('reader_incidents');
      expect(await reader.incident('INC0000001', signal)).toEqual(incidentRow());
      await expect(reader.mergeIncidents([incidentRow()], signal)).rejects.toMatchObject({
        code: 'WAREHOUSE_REJECTED',
        culprit: { setting: 'QUARTERDECK_INCIDENTS_TABLE' },
      });
    } finally {
      await owner.stop();
    }
  });

  it.each(['x`; DROP TABLE y', 'a.b.c.d', '', 'tab le', 'data-set.t'])(
    'refuses %p as its name, naming the setting',
    (name) => {
      const settings = { ...bigQuerySettings('http://127.0.0.1:1'), QUARTERDECK_INCIDENTS_TABLE: name };
      expect(() => openBigQueryWarehouse(settings, { clock: realClock, random: seededRandom(1) })).toThrow(
        'QUARTERDECK_INCIDENTS_TABLE',
      );
    },
  );
});
