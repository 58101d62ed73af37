import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { withAzurite } from '../../support/azurite';
import { startServer, type RunningServer } from '../../support/runningServer';

describe('alerts over HTTP, on the app itself', () => {
  const azurite = withAzurite();
  let server: RunningServer;
  beforeAll(async () => {
    server = await startServer(azurite(), { INGEST_INLINE_BYTES: '10000' });
  }, 120_000);
  afterAll(async () => {
    await server?.stop();
  });

  async function call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; json: Record<string, unknown> }> {
    const answer = await fetch(`${server.url}/api/${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
  }

  test('a webhook is taken, its bad alert set aside, and its repetition known', async () => {
    const webhook = {
      version: '4',
      groupKey: '{}',
      receiver: 'quarterdeck',
      status: 'firing',
      alerts: [
        { status: 'firing', labels: { alertname: 'Down', app: 'cart' }, startsAt: new Date().toISOString() },
        { status: 'firing', labels: {}, startsAt: new Date().toISOString() },
      ],
    };
    const first = await call('POST', 'alerts', webhook);
    expect(first).toMatchObject({
      status: 200,
      json: { shape: 'alertmanager', accepted: 1, rejected: [{ index: 1, code: 'NAME_MISSING' }] },
    });
    expect(await call('POST', 'alerts', webhook)).toEqual(first);
    expect(await call('GET', 'quarantine?source=alerts')).toMatchObject({
      json: { rows: [{ source: 'alerts', reasonCode: 'NAME_MISSING' }] },
    });
    // SNS calls its JSON text.
    const sns = { Type: 'Notification', MessageId: 'm', TopicArn: 'arn:t', Message: 'hello' };
    const text = await call('POST', 'alerts', sns, { 'content-type': 'text/plain; charset=UTF-8' });
    expect(text).toMatchObject({ status: 200, json: { shape: 'cloudwatch', rejectedTotal: 1 } });
    expect(await call('POST', 'alerts', '{"alerts":')).toMatchObject({
      status: 400,
      json: { error: { code: 'INPUT_INVALID' } },
    });
  });

  test('a large body is answered when it is safe, and the queue works it through', async () => {
    const alerts = Array.from({ length: 500 }, (_, index) => ({ name: 'Down', service: `service-${index}` }));
    const queued = await call('POST', 'alerts', { alerts: [...alerts, { service: 'nameless' }] });
    expect(queued).toMatchObject({ status: 202, json: { status: 'queued', accepted: 0 } });
    const key = `${String(queued.json['batchId'])}#500`;
    const isWorked = async (): Promise<boolean> => {
      const { json } = await call('GET', 'quarantine?source=alerts&limit=500');
      return (json['rows'] as { key: string }[]).some((row) => row.key === key);
    };
    const deadline = AbortSignal.timeout(30_000);
    while (!(await isWorked())) deadline.throwIfAborted();
    // The rows of a part are stored after what it sets aside: the receipt tells that all of it is done.
    const receipt = async (): Promise<{ status: number; json: Record<string, unknown> }> =>
      call('POST', 'alerts', { alerts: [...alerts, { service: 'nameless' }] });
    let answer = await receipt();
    while (answer.json['status'] === 'queued') {
      deadline.throwIfAborted();
      answer = await receipt();
    }
    expect(answer).toMatchObject({
      status: 200,
      json: { status: 'stored', accepted: 500, rejectedTotal: 1 },
    });
  });

  test('a service graph is put, told about, and got', async () => {
    expect(await call('GET', 'service-graph')).toMatchObject({
      status: 404,
      json: { error: { code: 'NOT_FOUND' } },
    });
    const graph = {
      nodes: [{ id: 'shop', tier: 1, criticality: 'high' }, 'cart'],
      links: [
        { source: 'shop', target: 'cart' },
        { source: 'shop', target: 'gone' },
      ],
    };
    const put = await call('PUT', 'service-graph', graph);
    expect(put).toMatchObject({
      status: 200,
      json: {
        report: { nodes: 2, edges: 1, danglingEdges: { total: 1 } },
        previous: null,
        coverage: { warning: expect.stringContaining('alerting services are in this graph') },
      },
    });
    expect(await call('GET', 'service-graph')).toMatchObject({
      json: {
        version: put.json['version'],
        nodes: [{ id: 'cart' }, { id: 'shop', criticality: 0.8 }],
        edges: [{ source: 'shop', target: 'cart', weight: 1 }],
      },
    });
    expect(await call('PUT', 'service-graph', { nodes: 7 })).toMatchObject({
      status: 400,
      json: { error: { code: 'INPUT_INVALID', details: { field: 'nodes' } } },
    });
    const nodes = Array.from({ length: 10_000 }, (_, index) => `service-with-a-long-name-${index}`);
    const edges = Array.from({ length: 50_000 }, (_, index) => ({
      source: nodes[index % 10_000],
      target: nodes[(index * 7 + 1) % 10_000],
      kind: 'http',
    }));
    const large = await call('PUT', 'service-graph', { nodes, edges });
    expect(large).toMatchObject({ status: 200, json: { report: { nodes: 10_000 } } });
  });

  test('a maintenance window is entered, listed and ended; a change is taken and listed', async () => {
    const endsAt = new Date(Date.now() + 3_600_000).toISOString();
    const window = { reason: 'upgrade', services: ['cart'], endsAt, createdBy: 'ann' };
    const created = await call('POST', 'maintenance-windows', window);
    expect(created).toMatchObject({ status: 200, json: { reason: 'upgrade', endedBy: null } });
    expect(await call('GET', 'maintenance-windows')).toMatchObject({ json: { windows: [created.json] } });
    const path = `maintenance-windows/${String(created.json['windowId'])}/end`;
    expect(await call('POST', path, { endedBy: 'bob' })).toMatchObject({ json: { endedBy: 'bob' } });
    expect(await call('GET', 'maintenance-windows')).toMatchObject({ json: { windows: [] } });
    expect(await call('POST', 'maintenance-windows', { ...window, services: [] })).toMatchObject({
      status: 400,
    });
    const change = { service: 'cart', version: '7' };
    expect(await call('POST', 'changes', change)).toMatchObject({ status: 200, json: { accepted: 1 } });
    expect(await call('GET', 'changes?service=cart')).toMatchObject({
      json: { changes: [{ title: 'cart 7', kind: 'deployment' }] },
    });
  });
});
