import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { workAlertBatch } from '../../../src/alerts';
import { alertIngestQueue, QuarterdeckError } from '../../../src/contracts';
import type { Queues } from '../../../src/platform/queues/queues';
import { withPlatform, type TestPlatform } from '../../support/platform';
import { postAlerts, storedAlerts } from './alertRequest';

const platforms = withPlatform();
const signal = AbortSignal.timeout(600_000);

const down = { name: 'Down', service: 'shop', severity: 'critical', startsAt: '2026-10-05T11:00:00Z' };
const webhook = (status: 'firing' | 'resolved', endsAt = '0001-01-01T00:00:00Z'): object => ({
  version: '4',
  groupKey: '{}',
  receiver: 'quarterdeck',
  status,
  alerts: [
    {
      status,
      labels: { alertname: 'Down', service: 'shop', severity: 'critical' },
      annotations: {},
      startsAt: '2026-10-05T11:00:00Z',
      endsAt,
      fingerprint: 'f-1',
    },
  ],
});

async function rawNames(platform: TestPlatform): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of platform.rawLogs.list('2026/', signal)) names.push(name);
  return names;
}

function recordedQueues(): { sent: unknown[]; queues: Queues } {
  const sent: unknown[] = [];
  const queues: Queues = {
    send: (queue, messages) => {
      sent.push(...messages.map((message) => ({ queue, message })));
      return Promise.resolve();
    },
    count: () => Promise.resolve(0),
  };
  return { sent, queues };
}

describe('a body of alerts', () => {
  test('is stored as it came, and its alerts are in the table', async () => {
    const platform = await platforms();
    const { status, receipt } = await postAlerts(platform, [down, { ...down, service: 'cart' }]);
    expect(status).toBe(200);
    expect(receipt).toMatchObject({
      shape: 'plain',
      status: 'stored',
      arrivedAt: '2026-10-05T12:00:00.000000Z',
      records: 2,
      accepted: 2,
      rejected: [],
      rejectedTotal: 0,
    });
    expect(new Set((await storedAlerts(platform)).map(({ service }) => service))).toEqual(
      new Set(['cart', 'shop']),
    );
    const [name, ...more] = await rawNames(platform);
    expect(more).toEqual([]);
    expect(name).toBe(`2026/10/05/12/alerts-${receipt.batchId}.json.gz`);
    const { bytes } = await platform.rawLogs.read(name!, signal);
    expect(JSON.parse(gunzipSync(bytes).toString())).toEqual([down, { ...down, service: 'cart' }]);
    expect(platform.telemetry.metrics).toContainEqual(
      expect.objectContaining({ name: 'ingest.records', value: 2 }),
    );
  });

  test('with bad alerts keeps the good ones, and sets the others aside with the reason', async () => {
    const platform = await platforms({ environment: { ALERT_TIME_ZONE: 'Europe/Berlin' } });
    const { status, receipt } = await postAlerts(platform, {
      alerts: [
        { service: 'nameless' },
        down,
        { ...down, startsAt: '2026-10-05 13:30', severity: 'mauve' },
        { ...down, endsAt: '2026-10-05T10:00:00Z' },
        'text',
      ],
    });
    expect(status).toBe(200);
    expect(receipt).toMatchObject({
      records: 5,
      accepted: 2,
      rejectedTotal: 3,
      timesWithoutZone: 1,
      unknownSeverities: 1,
      unknownStatuses: 0,
    });
    const expected = [
      [0, 'NAME_MISSING'],
      [3, 'END_BEFORE_START'],
      [4, 'RECORD_MALFORMED'],
    ];
    expect(receipt.rejected.map(({ index, code }) => [index, code])).toEqual(expected);
    const aside = await platform.warehouse.quarantined({ source: 'alerts', limit: 10 }, signal);
    expect(aside.map(({ key, reasonCode }) => [Number(key.split('#')[1]), reasonCode])).toEqual(expected);
    expect((await storedAlerts(platform)).map(({ startsAt, severity }) => [startsAt, severity])).toEqual([
      ['2026-10-05T11:00:00.000000Z', 'critical'],
      ['2026-10-05T11:30:00.000000Z', 'unknown'],
    ]);
  });

  test('that comes again is answered with the same receipt and stores nothing twice', async () => {
    const platform = await platforms();
    const first = await postAlerts(platform, webhook('firing'));
    platform.clock.advance(60_000);
    const again = await postAlerts(platform, webhook('firing'));
    expect(again.receipt).toEqual(first.receipt);
    expect(again.headers['idempotent-replayed']).toBe('true');
    expect(await rawNames(platform)).toHaveLength(1);
    platform.clock.advance(4 * 3_600_000);
    const reminder = await postAlerts(platform, webhook('firing'));
    expect(reminder.headers['idempotent-replayed']).toBeUndefined();
    expect(await storedAlerts(platform)).toHaveLength(1);
    expect((await storedAlerts(platform))[0]).toMatchObject({ saidAt: reminder.receipt.arrivedAt });
  });

  test('under a key of the sender is known by it, and another body under that key is refused', async () => {
    const platform = await platforms();
    const headers = { 'idempotency-key': 'batch 7' };
    const first = await postAlerts(platform, down, { headers });
    platform.clock.advance(86_400_000);
    expect((await postAlerts(platform, down, { headers })).receipt).toEqual(first.receipt);
    const other = await postAlerts(platform, webhook('firing'), { headers });
    expect(other.status).toBe(422);
    expect(other.receipt).toMatchObject({ error: { code: 'BATCH_ID_REUSED' } });
  });

  test.each([
    ['firing, then resolved', ['firing', 'resolved', 'firing']],
    ['resolved, then firing', ['resolved', 'firing', 'resolved', 'firing']],
  ] as const)('that comes late or out of order (%s) ends in one resolved alert', async (_, order) => {
    const platform = await platforms();
    for (const status of order) {
      await postAlerts(platform, webhook(status, status === 'resolved' ? '2026-10-05T11:20:00Z' : undefined));
      platform.clock.advance(2 * 3_600_000);
    }
    expect(await storedAlerts(platform)).toMatchObject([
      {
        source: 'alertmanager',
        status: 'resolved',
        startsAt: '2026-10-05T11:00:00.000000Z',
        endsAt: '2026-10-05T11:20:00.000000Z',
        fingerprint: 'f-1',
      },
    ]);
  });

  test('is of the system and in the format that the address names', async () => {
    const platform = await platforms();
    await postAlerts(platform, webhook('firing'), { query: 'source=prometheus-eu' });
    await postAlerts(platform, { ...down, aggreg_key: 'x' }, { query: 'format=plain' });
    expect((await storedAlerts(platform)).map(({ source }) => source).sort()).toEqual([
      'plain',
      'prometheus-eu',
    ]);
    const wrong = await postAlerts(platform, down, { query: 'format=smoke-signals' });
    expect([wrong.status, wrong.receipt]).toMatchObject([400, { error: { code: 'INPUT_INVALID' } }]);
    const notThat = await postAlerts(platform, [], { query: 'format=alertmanager' });
    expect(notThat.status).toBe(400);
  });

  test('that cannot be read is refused as a whole and leaves nothing behind', async () => {
    const platform = await platforms({ environment: { INGEST_MAX_BODY_BYTES: '2048' } });
    const refused: Record<string, [string | Uint8Array, number, string]> = {
      'no JSON': ['{"alerts": [', 400, 'INPUT_INVALID'],
      'no UTF-8': [Uint8Array.of(0x22, 0xff, 0x22), 400, 'INPUT_INVALID'],
      'a number': ['7', 400, 'INPUT_INVALID'],
      'a key that is none': ['{"__proto__": {"name": "x"}}', 400, 'INPUT_INVALID'],
      'nested without end': ['['.repeat(1_000), 400, 'INPUT_INVALID'],
      empty: ['', 400, 'INPUT_INVALID'],
      'over the limit': [
        JSON.stringify([{ ...down, description: 'x'.repeat(3_000) }]),
        413,
        'INPUT_TOO_LARGE',
      ],
    };
    const answers: Record<string, [number, string]> = {};
    for (const [what, [body]] of Object.entries(refused)) {
      const { status, receipt } = await postAlerts(platform, body);
      answers[what] = [status, (receipt as unknown as { error: { code: string } }).error.code];
    }
    expect(answers).toEqual(
      Object.fromEntries(Object.entries(refused).map(([what, [, ...answer]]) => [what, answer])),
    );
    const left: string[] = [];
    for await (const { name } of platform.rawLogs.list('', signal)) left.push(name);
    expect(left).toEqual([]);
  });

  test('with 10,000 labels on one alert is taken; those over the limit are counted and stay in the raw record', async () => {
    const platform = await platforms();
    const labels = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, index) => [`l${index}`, `${index}`]),
    );
    const { receipt } = await postAlerts(platform, { ...down, labels: { ...labels, team: 'shop' } });
    expect(receipt).toMatchObject({ accepted: 1, labelsCut: 9_801 });
    const [stored] = await storedAlerts(platform);
    expect(stored!.labels).toMatchObject({ team: 'shop', labels_cut: '9801' });
    expect(Object.keys(stored!.labels)).toHaveLength(201);
    const [name] = await rawNames(platform);
    const { bytes } = await platform.rawLogs.read(name!, signal);
    expect(gunzipSync(bytes).toString()).toContain('"l9999":"9999"');
    // The labels that were cut still tell conditions apart.
    const other = { ...labels, l9999: 'other', team: 'shop' };
    await postAlerts(platform, { ...down, labels: other });
    expect(await storedAlerts(platform)).toHaveLength(2);
  });

  test('that is compressed is read, and a bomb is refused', async () => {
    const platform = await platforms();
    const headers = { 'content-encoding': 'gzip' };
    expect((await postAlerts(platform, gzipSync(JSON.stringify(down)), { headers })).receipt).toMatchObject({
      accepted: 1,
    });
    const bomb = gzipSync(Buffer.alloc(30_000_000, 0x20));
    expect((await postAlerts(platform, bomb, { headers })).status).toBe(413);
  });

  test('of more than the process takes at once is asked to come again', async () => {
    const platform = await platforms({
      overrides: { queues: { send: () => Promise.resolve(), count: () => Promise.resolve(1_000) } },
    });
    const answer = await postAlerts(platform, down);
    expect([answer.status, answer.headers['retry-after']]).toEqual([429, '5']);
    expect(answer.receipt).toMatchObject({ error: { code: 'INGEST_BUSY' } });
  });

  test('that is large is answered when it is safe, and worked through by the queue', async () => {
    const { sent, queues } = recordedQueues();
    const platform = await platforms({
      environment: { INGEST_INLINE_BYTES: '10' },
      overrides: { queues },
    });
    const { status, receipt } = await postAlerts(platform, webhook('firing'), { query: 'source=eu' });
    expect([status, receipt.status, receipt.accepted]).toEqual([202, 'queued', 0]);
    expect(sent).toEqual([{ queue: alertIngestQueue, message: { batchId: receipt.batchId } }]);
    expect(await storedAlerts(platform)).toEqual([]);
    platform.clock.advance(3_600_000);
    const worked = await workAlertBatch(platform, { batchId: receipt.batchId }, signal);
    expect(worked).toMatchObject({ status: 'stored', accepted: 1, arrivedAt: receipt.arrivedAt });
    expect(await workAlertBatch(platform, { batchId: receipt.batchId }, signal)).toEqual(worked);
    expect(await storedAlerts(platform)).toMatchObject([{ source: 'eu', arrivedAt: receipt.arrivedAt }]);
    await expect(workAlertBatch(platform, { batchId: `b-${'0'.repeat(32)}` }, signal)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  test('that cannot be stored now is safe, and is stored later', async () => {
    const { sent, queues } = recordedQueues();
    const platform = await platforms({ overrides: { queues } });
    const broken = {
      ...platform,
      warehouse: {
        ...platform.warehouse,
        mergeAlerts: () => Promise.reject(new QuarterdeckError('WAREHOUSE_UNAVAILABLE', 'gone')),
      },
    };
    const { status, receipt } = await postAlerts(broken, down);
    expect([status, receipt.status]).toEqual([202, 'queued']);
    expect(sent).toHaveLength(1);
    expect(await storedAlerts(platform)).toEqual([]);
    await workAlertBatch(platform, { batchId: receipt.batchId }, signal);
    expect(await storedAlerts(platform)).toHaveLength(1);
  });
});

describe('ids of plain alerts', () => {
  test('that come again for another firing or another service lose neither', async () => {
    const platform = await platforms();
    const rule = { id: 'rule-1', name: 'Down', service: 'shop' };
    const firing = (start: string, end?: string, fields: object = {}): object => ({
      ...rule,
      startsAt: `2026-10-05T${start}:00Z`,
      ...(end !== undefined && { endsAt: `2026-10-05T${end}:00Z` }),
      ...fields,
    });
    const messages = [
      firing('10:00'),
      firing('10:00', '10:05'),
      firing('11:00'),
      firing('10:00'),
      firing('11:00', '11:05'),
      firing('11:30'),
      firing('10:00', undefined, { service: 'cart' }),
    ];
    for (const message of messages) {
      await postAlerts(platform, message);
      platform.clock.advance(3_600_000);
    }
    const found = (await storedAlerts(platform)).map(
      ({ service, startsAt, status }) => `${service} ${startsAt.slice(11, 16)} ${status}`,
    );
    expect(new Set(found)).toEqual(
      new Set(['shop 10:00 resolved', 'shop 11:00 resolved', 'shop 11:30 firing', 'cart 10:00 firing']),
    );
    expect(found).toHaveLength(4);
  });
});

describe('messages that name no firing', () => {
  const alarm = (state: 'ALARM' | 'OK', minute: number): object => ({
    AlarmName: 'checkout-errors',
    AWSAccountId: '123456789012',
    Region: 'EU (Frankfurt)',
    AlarmArn: 'arn:aws:cloudwatch:eu-central-1:123456789012:alarm:checkout-errors',
    NewStateValue: state,
    NewStateReason: state === 'OK' ? 'well again' : 'too many errors',
    StateChangeTime: `2026-10-05T11:${String(minute).padStart(2, '0')}:00.000+0000`,
    Trigger: { Namespace: 'AWS/Lambda', MetricName: 'Errors', Dimensions: [] },
  });
  const times = async (platform: TestPlatform): Promise<(string | null)[][]> =>
    (await storedAlerts(platform)).map(({ startsAt, endsAt, status }) => [
      startsAt.slice(14, 16),
      endsAt === null ? null : endsAt.slice(14, 16),
      status,
    ]);

  test.each([
    [['ALARM 10', 'OK 20', 'ALARM 30', 'OK 40']],
    [['OK 20', 'ALARM 10', 'OK 40', 'ALARM 30']],
    [['OK 40', 'ALARM 30', 'OK 20', 'ALARM 10']],
    [['ALARM 10', 'OK 20', 'OK 20', 'ALARM 10', 'ALARM 30', 'OK 40', 'ALARM 30']],
  ])('in the order %p are the two firings that they tell of', async (messages) => {
    const platform = await platforms();
    for (const message of messages) {
      const [state, minute] = message.split(' ');
      await postAlerts(platform, alarm(state as 'ALARM' | 'OK', Number(minute)));
    }
    expect(await times(platform)).toEqual([
      ['10', '20', 'resolved'],
      ['30', '40', 'resolved'],
    ]);
    expect(
      (await storedAlerts(platform)).map(({ severity, description }) => [severity, description]),
    ).toEqual(Array.from({ length: 2 }, () => ['high', 'too many errors']));
  });

  test('in one body are paired in the order of their time', async () => {
    const platform = await platforms();
    const { receipt } = await postAlerts(platform, [
      alarm('OK', 40),
      alarm('ALARM', 30),
      alarm('ALARM', 10),
      alarm('OK', 20),
    ]);
    expect(receipt.accepted).toBe(4);
    expect(await times(platform)).toEqual([
      ['10', '20', 'resolved'],
      ['30', '40', 'resolved'],
    ]);
  });

  test('that repeat what fires leave one firing', async () => {
    const platform = await platforms();
    for (const minute of [10, 15, 20]) await postAlerts(platform, alarm('ALARM', minute));
    expect(await times(platform)).toEqual([['10', null, 'firing']]);
  });

  test('ask for a subscription: answered, told to the operator, and no alert', async () => {
    const platform = await platforms();
    const { status, receipt } = await postAlerts(platform, {
      Type: 'SubscriptionConfirmation',
      MessageId: 'm-1',
      TopicArn: 'arn:aws:sns:eu-central-1:123456789012:alarms',
      Message: 'You have chosen to subscribe.',
      SubscribeURL: 'https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription',
      Token: 't',
      Timestamp: '2026-10-05T11:58:01.000Z',
    });
    expect(status).toBe(200);
    expect(receipt).toMatchObject({ accepted: 0, rejectedTotal: 1, notes: [expect.stringContaining('sns')] });
    expect(await platform.warehouse.quarantined({ source: 'alerts', limit: 5 }, signal)).toMatchObject([
      { reasonCode: 'SUBSCRIPTION_UNCONFIRMED' },
    ]);
    expect(await storedAlerts(platform)).toEqual([]);
  });
});

describe('messages without any time', () => {
  const states = async (platform: TestPlatform): Promise<string[]> =>
    (await storedAlerts(platform)).map(
      ({ startsAt, endsAt, status }) =>
        `${startsAt.slice(11, 19)} to ${endsAt?.slice(11, 19) ?? 'now'} ${status}`,
    );
  const event = (action: 'trigger' | 'resolve'): object => ({
    routing_key: 'r',
    event_action: action,
    dedup_key: 'flap',
    payload: { summary: 'FlapTest', source: 'host-1', severity: 'critical' },
  });
  const monitor = (state: 'Triggered' | 'Recovered'): object => ({
    alert_id: '7',
    alert_title: 'FlapTest',
    alert_transition: state,
    alert_scope: 'host:web-1',
  });
  const plain = (status: 'firing' | 'resolved', fields: object = {}): object => ({
    name: 'FlapTest',
    service: 's',
    status,
    ...fields,
  });
  const senders: [string, object, object][] = [
    ['plain', plain('firing'), plain('resolved')],
    ['plain under an id', plain('firing', { id: 'r-1' }), plain('resolved', { id: 'r-1' })],
    ['the Events API', event('trigger'), event('resolve')],
    ['Datadog', monitor('Triggered'), monitor('Recovered')],
  ];

  test.each(senders)('of %s tell of every firing, however soon it comes', async (_, fires, over) => {
    const platform = await platforms();
    for (let round = 0; round < 3; round++) {
      for (const body of [fires, over]) {
        const { headers } = await postAlerts(platform, body);
        expect(headers['idempotent-replayed']).toBeUndefined();
        platform.clock.advance(2_000);
      }
    }
    await postAlerts(platform, fires);
    expect(await states(platform)).toEqual([
      '12:00:00 to 12:00:02 resolved',
      '12:00:04 to 12:00:06 resolved',
      '12:00:08 to 12:00:10 resolved',
      '12:00:12 to now firing',
    ]);
  });

  test.each(senders)(
    'of %s that come again for want of an answer are repetitions',
    async (_, fires, over) => {
      const platform = await platforms();
      platform.clock.advance(4 * 60_000 + 59_000);
      for (const body of [fires, over]) {
        const first = await postAlerts(platform, body);
        platform.clock.advance(2_000);
        const again = await postAlerts(platform, body);
        expect(again.receipt).toEqual(first.receipt);
        expect(again.headers['idempotent-replayed']).toBe('true');
      }
      expect(await states(platform)).toEqual(['12:04:59 to 12:05:01 resolved']);
    },
  );

  test.each(senders)('of %s that repeat an end later end nothing new', async (_, fires, over) => {
    const platform = await platforms();
    await postAlerts(platform, fires);
    platform.clock.advance(3_599_000);
    await postAlerts(platform, over);
    platform.clock.advance(3_000);
    await postAlerts(platform, over);
    platform.clock.advance(6 * 60_000);
    const late = await postAlerts(platform, over);
    expect(late.headers['idempotent-replayed']).toBeUndefined();
    expect(await states(platform)).toEqual(['12:00:00 to 12:59:59 resolved']);
  });

  test('under a key stay exact, whatever was stored in between', async () => {
    const platform = await platforms();
    const headers = { 'idempotency-key': 'k' };
    const first = await postAlerts(platform, plain('firing'), { headers });
    platform.clock.advance(1_000);
    await postAlerts(platform, plain('resolved'));
    platform.clock.advance(1_000);
    expect((await postAlerts(platform, plain('firing'), { headers })).receipt).toEqual(first.receipt);
    expect(await states(platform)).toEqual(['12:00:00 to 12:00:01 resolved']);
  });
});

test('a body without any time that comes while the tables cannot be asked is safe', async () => {
  const { sent, queues } = recordedQueues();
  const platform = await platforms({ overrides: { queues } });
  const away = (): Promise<never> => Promise.reject(new QuarterdeckError('WAREHOUSE_UNAVAILABLE', 'gone'));
  const broken = { ...platform, warehouse: { ...platform.warehouse, firingsOf: away, mergeAlerts: away } };
  const statuses = ['firing', 'resolved', 'firing'];
  for (const status of statuses) {
    const answer = await postAlerts(broken, { name: 'FlapTest', service: 's', status });
    expect(answer.status).toBe(202);
    platform.clock.advance(1_000);
  }
  expect(sent).toHaveLength(3);
  for (const { message } of sent as { message: { batchId: string } }[]) {
    await workAlertBatch(platform, message, signal);
  }
  expect((await storedAlerts(platform)).map(({ status }) => status)).toEqual(['resolved', 'firing']);
});
