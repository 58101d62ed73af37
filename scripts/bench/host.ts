import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startAzurite } from '../../src/host';
import { variables } from '../../src/platform/settings/variables';
import type { Benchmark, Measurement } from './benchmark';

const starts = 5;
const requests = 3_000;
const connections = 50;

interface Served {
  readonly url: string;
  readonly firstAnswerMs: number;
  readonly stop: () => Promise<void>;
}

/** A new process up to its first answer, from the moment it is asked for. */
async function serve(environment: NodeJS.ProcessEnv): Promise<Served> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [join(__dirname, 'hostProcess.js')], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: environment,
  });
  const [url] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const answer = await fetch(url);
  await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`the console answered ${answer.status}`);
  return {
    url,
    firstAnswerMs: performance.now() - startedAt,
    stop: async () => {
      const exited = once(child, 'exit');
      child.stdin.end();
      await exited;
    },
  };
}

function request(url: string, agent: Agent): Promise<number> {
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      response.resume();
      response.once('end', () => resolve(performance.now() - startedAt));
    }).once('error', reject);
  });
}

async function load(
  url: string,
  lanes: number,
  count: number,
): Promise<{ latencies: number[]; seconds: number }> {
  const agent = new Agent({ keepAlive: true, maxSockets: lanes });
  const latencies: number[] = [];
  const startedAt = performance.now();
  const lane = async () => {
    for (let index = 0; index < count / lanes; index += 1) latencies.push(await request(url, agent));
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  agent.destroy();
  return { latencies, seconds: (performance.now() - startedAt) / 1000 };
}

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** The project's own functions app on the local host; Azurite runs already, as it does for `quickstart`. */
async function measure(): Promise<Measurement[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-host-'));
  const azurite = await startAzurite({ inMemory: true });
  try {
    const schedules = Object.keys(variables).filter((name) => name.endsWith('_SCHEDULE'));
    const environment = {
      ...process.env,
      ...Object.fromEntries(schedules.map((name) => [name, '0 0 5 1 1 *'])),
      AzureWebJobsStorage: azurite.connectionString,
      QUARTERDECK_DATA_DIR: folder,
      // Named by a binding; the host looks it up and knows no default.
      QUARTERDECK_RAW_LOGS_CONTAINER: variables.QUARTERDECK_RAW_LOGS_CONTAINER.parse(undefined),
    };
    const firstAnswers: number[] = [];
    for (let index = 1; index < starts; index += 1) {
      const served = await serve(environment);
      firstAnswers.push(served.firstAnswerMs);
      await served.stop();
    }
    const served = await serve(environment);
    firstAnswers.push(served.firstAnswerMs);
    await load(served.url, 1, 200);
    const alone = await load(served.url, 1, 500);
    const together = await load(served.url, connections, requests);
    await served.stop();
    return [
      {
        figure: 'Functions app: process start to first answer',
        value: median(firstAnswers) / 1000,
        unit: 's',
        target: '< 1.5',
        extra: { starts, worst: Math.max(...firstAnswers) / 1000 },
      },
      { figure: 'Functions app: one request, median', value: median(alone.latencies), unit: 'ms' },
      {
        figure: `Functions app: ${connections} connections`,
        value: together.latencies.length / together.seconds,
        unit: 'requests/s',
      },
    ];
  } finally {
    await azurite.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

export const benchmarks: readonly Benchmark[] = [{ name: 'host', run: measure }];
