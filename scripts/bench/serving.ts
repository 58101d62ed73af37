import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { servingOf } from '../../src/anomalies';
import type { Matrix } from '../../src/learn/matrix';
import { composePlatform } from '../../src/platform/compose';
import { variables } from '../../src/platform/settings/variables';
import { startAzurite } from '../../src/host';
import type { Benchmark, BenchmarkContext, Measurement } from './benchmark';
import { publishServingModel } from './servingModel';

/** What is asked of the server: one row by one user, one row by ten at once, and batches. */
const warmUps = 200;
/** The engine compiles what many requests run only after thousands of them: a server's state for all but its first seconds. */
const sharedWarmUps = 4_000;
const singles = 1_000;
const users = 10;
const shared = 4_000;
const batchRows = 10_000;
const batches = 5;
/** Rows of the in-process measurement. */
const manyRows = 100_000;

const signal = AbortSignal.timeout(600_000);

async function serve(environment: NodeJS.ProcessEnv): Promise<{ url: string; stop: () => Promise<void> }> {
  const child = spawn(process.execPath, [join(__dirname, 'hostProcess.js')], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: environment,
  });
  const [url] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return {
    url,
    stop: async () => {
      const exited = once(child, 'exit');
      child.stdin.end();
      await exited;
    },
  };
}

interface Post {
  readonly url: URL;
  readonly agent: Agent;
  readonly body: Buffer;
  readonly headers: Record<string, string>;
}

/** @returns milliseconds to the last byte of the answer */
function post({ url, agent, body, headers }: Post): Promise<number> {
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { method: 'POST', agent, headers: { ...headers, 'content-length': String(body.length) } },
      (response) => {
        response.resume();
        response.once('end', () => {
          if (response.statusCode === 200) resolve(performance.now() - startedAt);
          else reject(new Error(`the server answered ${response.statusCode}`));
        });
      },
    );
    sent.once('error', reject);
    sent.end(body);
  });
}

async function load(what: Omit<Post, 'agent'>, lanes: number, count: number): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: lanes });
  const latencies: number[] = [];
  const lane = async (): Promise<void> => {
    for (let index = 0; index < count / lanes; index++) latencies.push(await post({ ...what, agent }));
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  agent.destroy();
  return latencies.sort((a, b) => a - b);
}

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;

/** Nine digits tell every 32-bit float from its neighbours: a client that sends FP32 writes no more. */
const digitsOfFloat = 9;

function jsonBody({ values, n, d }: Matrix): Buffer {
  const data = Array.from(values, (value) => Number(value.toPrecision(digitsOfFloat)));
  const input = { name: 'features', shape: [n, d], datatype: 'FP32', data };
  return Buffer.from(JSON.stringify({ inputs: [input] }));
}

function binaryBody({ values, n, d }: Matrix): { body: Buffer; headers: Record<string, string> } {
  const parameters = { binary_data_size: values.byteLength };
  const input = { name: 'features', shape: [n, d], datatype: 'FP32', parameters };
  const json = Buffer.from(JSON.stringify({ inputs: [input], parameters: { binary_data_output: true } }));
  const tensor = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return {
    body: Buffer.concat([json, tensor]),
    headers: { 'inference-header-content-length': String(json.length) },
  };
}

async function measure(context: BenchmarkContext): Promise<Measurement[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-serving-'));
  const azurite = await startAzurite({ inMemory: true });
  try {
    const schedules = Object.keys(variables).filter((name) => name.endsWith('_SCHEDULE'));
    const environment = {
      ...process.env,
      ...Object.fromEntries(schedules.map((name) => [name, '0 0 5 1 1 *'])),
      AzureWebJobsStorage: azurite.connectionString,
      QUARTERDECK_RAW_LOGS_CONTAINER: 'raw-logs',
      QUARTERDECK_DATA_DIR: folder,
      QUARTERDECK_LOG_LEVEL: 'warning',
    };
    const platform = composePlatform(environment);
    const { rows, trees } = await publishServingModel(platform, batchRows, signal);
    context.log(`${rows.d} features, ${trees} trees beside the unsupervised scores`);
    const inProcess = await inProcessRate(platform, rows);
    await platform.close();
    const served = await serve(environment);
    try {
      return [inProcess, ...(await overHttp(served.url, rows))];
    } finally {
      await served.stop();
    }
  } finally {
    await azurite.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function inProcessRate(
  platform: ReturnType<typeof composePlatform>,
  rows: Matrix,
): Promise<Measurement> {
  const { server } = servingOf(platform);
  const run = (): Promise<unknown> =>
    server.use('xgboost_anomaly', undefined, signal, (pinned) => pinned.classify(rows, signal));
  await run();
  const startedAt = performance.now();
  for (let done = 0; done < manyRows; done += rows.n) await run();
  return {
    figure: `Scoring in process, ${rows.d} features`,
    value: manyRows / ((performance.now() - startedAt) / 1_000),
    unit: 'rows/s',
    target: '> 100000',
  };
}

async function overHttp(url: string, rows: Matrix): Promise<Measurement[]> {
  const target = new URL('/v2/models/xgboost_anomaly/infer', url);
  const one = {
    url: target,
    body: jsonBody({ ...rows, values: rows.values.subarray(0, rows.d), n: 1 }),
    headers: {},
  };
  await load(one, 1, warmUps);
  const alone = await load(one, 1, singles);
  await load(one, users, sharedWarmUps);
  const together = await load(one, users, shared);
  const json = { url: target, body: jsonBody(rows), headers: {} };
  const binary = { url: target, ...binaryBody(rows) };
  const rate = async (what: Omit<Post, 'agent'>): Promise<number> => {
    await load(what, 1, 1);
    const startedAt = performance.now();
    await load(what, 1, batches);
    return (rows.n * batches) / ((performance.now() - startedAt) / 1_000);
  };
  return [
    {
      figure: 'POST /v2/…/infer: one row, one user, p50',
      value: quantile(alone, 0.5),
      unit: 'ms',
      target: '< 2',
      extra: { p95: quantile(alone, 0.95) },
    },
    {
      figure: `POST /v2/…/infer: one row, ${users} users, p95`,
      value: quantile(together, 0.95),
      unit: 'ms',
      target: '< 5',
      extra: { p50: quantile(together, 0.5) },
    },
    {
      figure: `POST /v2/…/infer: ${rows.n} rows as JSON`,
      value: await rate(json),
      unit: 'rows/s',
      target: '> 17000',
      extra: { megabytes: json.body.length / 1e6 },
    },
    {
      figure: `POST /v2/…/infer: ${rows.n} rows as bytes`,
      value: await rate(binary),
      unit: 'rows/s',
      target: '> 17000',
    },
  ];
}

export const benchmarks: readonly Benchmark[] = [{ name: 'serving', run: measure }];
