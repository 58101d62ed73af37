import { describe, expect, test } from '@jest/globals';
import { shiftTimestamp, type Embedder, type Incident, type PipelineRun } from '../../../src/contracts';
import { preprocessAll } from '../../../src/incidents/preprocess/preprocessAll';
import { preprocessCenter } from '../../../src/incidents/preprocess/preprocessCenter';
import type { Warehouse } from '../../../src/platform/warehouse/warehouse';
import { withPlatform, type TestPlatform } from '../../support/platform';
import { incidentRow, ticketNumber } from '../../support/warehouseRows';

const platformOf = withPlatform();
const signal = new AbortController().signal;
const techCenter = 'Service Desk';

/** A deterministic embedder: letters counted by their place in the alphabet. */
const letterEmbedder: Embedder = {
  model: 'letters@1',
  width: 26,
  embed: (texts) =>
    Promise.resolve(
      texts.map((text) => {
        const vector = new Float32Array(26);
        for (const letter of text.toLowerCase().match(/[a-z]/g) ?? [])
          vector[letter.charCodeAt(0) - 97]! += 1;
        const norm = Math.hypot(...vector) || 1;
        return vector.map((value) => value / norm);
      }),
    ),
};

const subjects = ['printer', 'mailbox', 'tunnel', 'password', 'monitor', 'database', 'badge'];
function tickets(count: number, fields: (index: number) => Partial<Incident> = () => ({})): Incident[] {
  return Array.from({ length: count }, (_, index) =>
    incidentRow({
      number: ticketNumber(index),
      shortDescription: `The ${subjects[index % subjects.length]} fails`,
      description: `Since Monday the ${subjects[index % subjects.length]} of the ${subjects[(index * 3 + 1) % subjects.length]} team does not respond.`,
      sysCreatedOn: shiftTimestamp('2026-07-01T08:00:00.000000Z', Math.floor(index / 3) * 60_000),
      ...fields(index),
    }),
  );
}

async function started(
  rows: readonly Incident[],
  environment: Record<string, string> = {},
  embedder: Embedder = letterEmbedder,
): Promise<TestPlatform> {
  const platform = await platformOf({
    environment: { PREPROCESS_PAGE_SIZE: '10', ...environment },
    overrides: { embeddingService: embedder },
  });
  await platform.warehouse.mergeIncidents(rows, signal);
  return platform;
}

async function storedNumbers(platform: TestPlatform): Promise<string[]> {
  const rows = await platform.warehouse.preprocessedBetween({ limit: 100_000 }, signal);
  return rows.map(({ number }) => number).sort();
}

const numbersOf = (rows: readonly Incident[]): string[] => rows.map(({ number }) => number).sort();
const run = (platform: TestPlatform): Promise<PipelineRun> =>
  preprocessCenter(platform, { techCenter }, signal);

describe('a run', () => {
  test('stores every new ticket cleaned and embedded, page by page, and moves the watermark to the last', async () => {
    const rows = tickets(25);
    const platform = await started(rows);
    expect(await run(platform)).toMatchObject({
      pipeline: 'preprocess',
      scope: techCenter,
      status: 'ok',
      counts: { read: 25, stored: 25, quarantined: 0, late: 0, retries: 0 },
    });
    expect(await storedNumbers(platform)).toEqual(numbersOf(rows));
    const [row] = await platform.warehouse.preprocessed([ticketNumber(0)], signal);
    expect(row).toMatchObject({
      combinedIncidentsSummary:
        'The printer fails. Since Monday the printer of the mailbox team does not respond.',
      embeddingModel: 'letters@1',
      techCenter,
    });
    expect(row!.embedding).toHaveLength(26);
    const watermark = await platform.warehouse.watermark(techCenter, signal);
    expect(watermark).toMatchObject({
      lastProcessedTimestamp: rows[24]!.sysCreatedOn,
      lastProcessedNumber: ticketNumber(24),
    });
    const names = platform.telemetry.metrics.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['pipeline.heartbeat', 'pipeline.run.duration', 'pipeline.rows']),
    );
    expect((await platform.warehouse.runs({ pipeline: 'preprocess', limit: 5 }, signal))[0]!.status).toBe(
      'ok',
    );
  });

  test('a second one finds nothing to do', async () => {
    const platform = await started(tickets(12));
    await run(platform);
    expect(await run(platform)).toMatchObject({ status: 'ok', counts: { read: 0, stored: 0 } });
  });

  test.each([[1], [3], [7]])('equal timestamps at the edge of pages of %d lose nothing', async (pageSize) => {
    const rows = tickets(20, () => ({ sysCreatedOn: '2026-07-01T08:00:00.000000Z' }));
    const platform = await started(rows, { PREPROCESS_PAGE_SIZE: String(pageSize) });
    expect((await run(platform)).counts).toMatchObject({ stored: 20 });
    expect(await storedNumbers(platform)).toEqual(numbersOf(rows));
  });

  test('secrets and personal identifiers are not stored', async () => {
    const platform = await started(
      tickets(1, () => ({ description: 'My password: Sommer2026! does not work, mail anna@example.com' })),
    );
    await run(platform);
    const [row] = await platform.warehouse.preprocessed([ticketNumber(0)], signal);
    expect(row!.combinedIncidentsSummary).not.toMatch(/Sommer2026|anna@example/);
  });

  test('weights of the views change the vectors and their model name', async () => {
    const platform = await started(tickets(3), {
      EMBEDDING_WEIGHT_ENTITY: '0.3',
      EMBEDDING_WEIGHT_ACTION: '0.2',
      EMBEDDING_WEIGHT_SEMANTIC: '0.5',
    });
    await run(platform);
    const [row] = await platform.warehouse.preprocessed([ticketNumber(0)], signal);
    expect(row!.embeddingModel).toBe('letters@1#entity=0.3,action=0.2,semantic=0.5');
    expect(Math.hypot(...row!.embedding)).toBeCloseTo(1, 5);
  });
});

describe('late rows', () => {
  test('inside the overlap are taken, older ones counted', async () => {
    const platform = await started(tickets(30), { PREPROCESS_OVERLAP_MINUTES: '5' });
    await run(platform);
    const { lastProcessedTimestamp } = (await platform.warehouse.watermark(techCenter, signal))!;
    const late = [
      incidentRow({ number: 'LATE-IN', sysCreatedOn: shiftTimestamp(lastProcessedTimestamp, -4 * 60_000) }),
      incidentRow({ number: 'LATE-OUT', sysCreatedOn: shiftTimestamp(lastProcessedTimestamp, -6 * 60_000) }),
    ];
    await platform.warehouse.mergeIncidents(late, signal);
    expect((await run(platform)).counts).toMatchObject({ read: 1, stored: 1, late: 1 });
    expect(await platform.warehouse.preprocessed(['LATE-IN', 'LATE-OUT'], signal)).toHaveLength(1);
    expect(platform.telemetry.metrics).toContainEqual({
      name: 'preprocess.rows.late',
      value: 1,
      dimensions: { scope: techCenter },
    });
    // The late row lies before the watermark, which never goes back.
    expect((await platform.warehouse.watermark(techCenter, signal))!.lastProcessedTimestamp).toBe(
      lastProcessedTimestamp,
    );
  });
});

describe('history brought into a centre that was processed before', () => {
  const started2026 = async () => {
    const platform = await started(tickets(12));
    await run(platform);
    const history = tickets(25, (index) => ({
      number: `OLD${String(index).padStart(3, '0')}`,
      sysCreatedOn: shiftTimestamp('2025-01-01T08:00:00.000000Z', index * 86_400_000),
    }));
    await platform.warehouse.mergeIncidents(history, signal);
    return { platform, history };
  };

  test('is taken by a run from the start, which leaves the watermark where it was', async () => {
    const { platform, history } = await started2026();
    const before = await platform.warehouse.watermark(techCenter, signal);
    expect((await run(platform)).counts).toMatchObject({ read: 0, late: 25 });
    const whole = await preprocessCenter(platform, { techCenter, fromStart: true }, signal);
    expect(whole).toMatchObject({ status: 'ok', counts: { read: 25, stored: 25, late: 0 } });
    expect(await storedNumbers(platform)).toEqual(numbersOf([...tickets(12), ...history]));
    expect(await platform.warehouse.watermark(techCenter, signal)).toEqual(before);
    expect((await run(platform)).counts).toMatchObject({ read: 0, late: 0 });
  });

  test('is taken in every centre when all are asked for', async () => {
    const { platform } = await started2026();
    expect(await preprocessAll(platform, { fromStart: true }, signal)).toMatchObject([
      { counts: { stored: 25, late: 0 } },
    ]);
  });
});

describe('clocks', () => {
  test('ours going back a year loses nothing', async () => {
    const platform = await started(tickets(12));
    await run(platform);
    platform.clock.set(Date.UTC(2025, 0, 1));
    const more = tickets(20).slice(12);
    await platform.warehouse.mergeIncidents(more, signal);
    expect(await run(platform)).toMatchObject({ status: 'ok', counts: { stored: 8 } });
    platform.clock.set(Date.UTC(2026, 9, 5));
    const last = tickets(24).slice(20);
    await platform.warehouse.mergeIncidents(last, signal);
    expect(await run(platform)).toMatchObject({ status: 'ok', counts: { stored: 4 } });
    expect(await storedNumbers(platform)).toEqual(numbersOf(tickets(24)));
  });

  test('a ticket from the future is stored and does not hide what comes later', async () => {
    const platform = await started([
      ...tickets(3),
      incidentRow({ number: 'FUTURE', sysCreatedOn: '2099-01-01T00:00:00.000000Z' }),
    ]);
    expect((await run(platform)).counts).toMatchObject({ stored: 4 });
    await platform.warehouse.mergeIncidents(tickets(6).slice(3), signal);
    expect((await run(platform)).counts).toMatchObject({ stored: 3, late: 0 });
  });
});

describe('two runs at once', () => {
  test('one does the work, the other is skipped', async () => {
    const platform = await started(tickets(40));
    const runs = await Promise.all([run(platform), run(platform)]);
    expect(runs.map(({ status }) => status).sort()).toEqual(['ok', 'skipped']);
    expect(await storedNumbers(platform)).toEqual(numbersOf(tickets(40)));
    expect(await platform.warehouse.runs({ pipeline: 'preprocess', limit: 5 }, signal)).toHaveLength(2);
  });
});

describe('a failure between any two steps', () => {
  const steps = [
    'watermark',
    'countUnprocessedBefore',
    'unprocessedIncidents',
    'mergePreprocessed',
    'mergeQuarantined',
    'advanceWatermark',
  ] as const;

  /** The real warehouse, which stops working before or after its k-th call. */
  function failingAt(warehouse: Warehouse, call: number, when: 'before' | 'after'): Warehouse {
    let calls = 0;
    const failing = { ...warehouse };
    for (const step of steps) {
      const real = warehouse[step].bind(warehouse) as (...args: unknown[]) => Promise<unknown>;
      Object.assign(failing, {
        [step]: async (...args: unknown[]): Promise<unknown> => {
          calls++;
          if (calls >= call && when === 'before') throw new Error('the process was stopped');
          const result = await real(...args);
          if (calls >= call) throw new Error('the process was stopped');
          return result;
        },
      });
    }
    return failing;
  }

  test.each([['before' as const], ['after' as const]])(
    'stopping %s each call in turn, then running again, loses nothing and doubles nothing',
    async (when) => {
      const rows = tickets(14, (index) => (index === 4 ? { shortDescription: '??', description: '' } : {}));
      const platform = await started(rows, { PREPROCESS_PAGE_SIZE: '5' });
      let stopped = 0;
      const overtaken: string[] = [];
      for (let call = 1, done = false; !done; call++) {
        const warehouse = failingAt(platform.warehouse, call, when);
        const { status } = await preprocessCenter({ ...platform, warehouse }, { techCenter }, signal);
        done = status === 'ok';
        if (!done) stopped++;
        const watermark = await platform.warehouse.watermark(techCenter, signal);
        const quarantined = await platform.warehouse.quarantined({ limit: 10 }, signal);
        const known = new Set([...(await storedNumbers(platform)), ...quarantined.map(({ key }) => key)]);
        const position = watermark
          ? `${watermark.lastProcessedTimestamp} ${watermark.lastProcessedNumber}`
          : '';
        overtaken.push(
          ...numbersOf(rows.filter((row) => `${row.sysCreatedOn} ${row.number}` <= position)).filter(
            (number) => !known.has(number),
          ),
        );
      }
      expect(overtaken).toEqual([]);
      expect(stopped).toBeGreaterThan(4);
      const stored = await storedNumbers(platform);
      expect(stored).toEqual(numbersOf(rows).filter((number) => number !== ticketNumber(4)));
      expect(await platform.warehouse.countQuarantined({ source: 'preprocess' }, signal)).toBe(1);
    },
  );

  test('the next tech centre goes on', async () => {
    const broken: Embedder = {
      ...letterEmbedder,
      embed: (texts, options) =>
        texts.some((text) => text.includes('sabotage'))
          ? Promise.reject(new Error('a defect'))
          : letterEmbedder.embed(texts, options),
    };
    const platform = await started(
      [
        ...tickets(5).map((row) => ({ ...row, number: `A${row.number}`, techCenter: 'A' })),
        ...tickets(5, () => ({ description: 'sabotage of the printer' })).map((row) => ({
          ...row,
          number: `B${row.number}`,
          techCenter: 'B',
        })),
        ...tickets(5).map((row) => ({ ...row, number: `C${row.number}`, techCenter: 'C' })),
      ],
      {},
      broken,
    );
    const runs = await preprocessAll(platform, {}, signal);
    expect(runs.map(({ scope, status }) => [scope, status])).toEqual([
      ['A', 'ok'],
      ['B', 'failed'],
      ['C', 'ok'],
    ]);
    expect(platform.telemetry.metrics).toContainEqual({
      name: 'pipeline.run.failed',
      value: 1,
      dimensions: { pipeline: 'preprocess', scope: 'B', errorCode: 'INTERNAL' },
    });
    await expect(preprocessAll(platform, { techCenters: ['D'] }, signal)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

describe('poisoned rows', () => {
  test('are set aside with a reason, and the run goes on', async () => {
    const poisoning: Embedder = {
      ...letterEmbedder,
      embed: async (texts, options) =>
        (await letterEmbedder.embed(texts, options)).map((vector, index) =>
          texts[index]!.includes('infinite') ? vector.fill(Number.NaN) : vector,
        ),
    };
    const platform = await started(
      tickets(400, (index) => {
        if (index === 50) return { shortDescription: 'Thanks!', description: 'Kind regards' };
        if (index === 60) return { shortDescription: 'infinite loop in the printer' };
        if (index === 70) return { shortDescription: '1234', description: '' };
        return {};
      }),
      { PREPROCESS_PAGE_SIZE: '100' },
      poisoning,
    );
    expect(await run(platform)).toMatchObject({
      status: 'ok',
      counts: { read: 400, stored: 397, quarantined: 3 },
    });
    const rows = await platform.warehouse.quarantined({ source: 'preprocess', limit: 10 }, signal);
    expect(Object.fromEntries(rows.map(({ key, reasonCode }) => [key, reasonCode]))).toEqual({
      [ticketNumber(50)]: 'TEXT_EMPTY',
      [ticketNumber(60)]: 'VECTOR_NOT_FINITE',
      [ticketNumber(70)]: 'TEXT_WITHOUT_CONTENT',
    });
    expect(JSON.parse(rows[0]!.rowJson)).toMatchObject({ techCenter });
    expect(await run(platform)).toMatchObject({ status: 'ok', counts: { read: 0 } });
  });

  const dirtyEvery = (every: number) => (index: number) =>
    index % every === 0 ? { shortDescription: '???', description: '' } : {};

  test('above 1 % fail the run; the good rows stay and the bad ones are there with their reason', async () => {
    const platform = await started(tickets(200, dirtyEvery(50)), { PREPROCESS_PAGE_SIZE: '100' });
    expect(await run(platform)).toMatchObject({
      status: 'failed',
      errorCode: 'QUARANTINE_LIMIT',
      counts: { stored: 196, quarantined: 4 },
    });
    expect(await run(platform)).toMatchObject({ status: 'ok', counts: { read: 0 } });
  });

  test('of exactly 1 % are allowed', async () => {
    const platform = await started(tickets(200, dirtyEvery(100)), { PREPROCESS_PAGE_SIZE: '100' });
    expect(await run(platform)).toMatchObject({ status: 'ok', counts: { quarantined: 2 } });
  });

  test('alone need no embedder', async () => {
    const platform = await platformOf();
    await platform.warehouse.mergeIncidents(tickets(1, dirtyEvery(1)), signal);
    expect(await run(platform)).toMatchObject({ status: 'ok', counts: { stored: 0, quarantined: 1 } });
  });

  test('a single one among few does not fail the run', async () => {
    const platform = await started(tickets(5, dirtyEvery(5)));
    expect(await run(platform)).toMatchObject({ status: 'ok', counts: { stored: 4, quarantined: 1 } });
  });

  test('a page of mostly poisoned rows stops the run before anything of it is set aside', async () => {
    const platform = await started(
      tickets(60, (index) => (index >= 30 ? { shortDescription: '???', description: '' } : {})),
      { PREPROCESS_PAGE_SIZE: '30' },
    );
    expect(await run(platform)).toMatchObject({
      status: 'failed',
      errorCode: 'QUARANTINE_LIMIT',
      counts: { stored: 30, quarantined: 0 },
    });
    expect(await platform.warehouse.countQuarantined({ source: 'preprocess' }, signal)).toBe(0);
    const { lastProcessedNumber } = (await platform.warehouse.watermark(techCenter, signal))!;
    expect(lastProcessedNumber).toBe(ticketNumber(29));
  });
});
