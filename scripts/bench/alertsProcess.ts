import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import {
  generateServiceGraph,
  generateStorms,
  groupAndStore,
  latestMoment,
  learnFirst,
  writeResults,
  type GroupingRequest,
} from '../../src/alerts';
import { folderBlobs } from '../../src/platform/blobs/folderBlobs';
import { composePlatform } from '../../src/platform/compose';
import type { AlertRunFigures } from './alerts';

const limitMs = 900_000;
const seed = 7;
/** A model of the kinds of alerts is learned from other storms of the same graph. */
const learnedFrom = 5_000;
/** Up to this many alerts, the graph's own features are most of a first run. */
const smallRun = 1_000;

/** One run in a process of its own, so that its memory is its own; without alerts it trains the model for the others. */
async function main(folder: string, nodes: number, count: number): Promise<void> {
  const signal = AbortSignal.timeout(limitMs);
  const storms = generateStorms({
    seed: count === 0 ? seed + 1 : seed,
    graph: generateServiceGraph({ nodes, seed }),
    alerts: count === 0 ? learnedFrom : count,
  });
  const platform = composePlatform(
    { ...process.env, QUARTERDECK_DATA_DIR: join(folder, `data-${count}`) },
    { blobs: folderBlobs(join(folder, 'models')) },
  );
  await platform.warehouse.prepare(signal);
  const { alerts, graph } = storms;
  const request = { scope: 'bench', at: latestMoment(alerts), alerts, graph };
  let figures: Omit<AlertRunFigures, 'alerts' | 'peakMiB'> | undefined;
  if (count === 0) await learnFirst(platform, request, { signal });
  else {
    figures = await measured(request, join(folder, `results-${count}`));
    if (count <= smallRun) {
      // The timer and the interval mode meet a graph again and again; only the first run measures the graph itself.
      const { alerts: others } = generateStorms({ seed: seed + 2, graph, alerts: count });
      const again = { scope: 'bench', at: latestMoment(others), alerts: others, graph };
      const firstRunSeconds = figures.seconds;
      figures = { ...(await measured(again, join(folder, `results-${count}-again`))), firstRunSeconds };
    }
  }
  await platform.close();
  const peakMiB = process.resourceUsage().maxRSS / 1_024;
  process.stdout.write(`${JSON.stringify({ alerts: alerts.length, ...figures, peakMiB })}\n`);

  async function measured(
    request: GroupingRequest,
    output: string,
  ): Promise<Omit<AlertRunFigures, 'alerts' | 'peakMiB'>> {
    const cpuBefore = process.cpuUsage();
    const start = performance.now();
    let mappingAt = start;
    let describingAt = start;
    const { run } = await groupAndStore(
      platform,
      request,
      async (made, stop) => {
        await writeResults(output, made, stop);
      },
      {
        signal,
        onProgress: ({ stage }) => {
          if (stage === 'mapping') mappingAt = performance.now();
          if (stage === 'describing') describingAt = performance.now();
        },
      },
    );
    const seconds = (performance.now() - start) / 1_000;
    const { user, system } = process.cpuUsage(cpuBefore);
    return {
      groups: run.groups,
      seconds,
      groupingSeconds: (describingAt - mappingAt) / 1_000,
      cpuSeconds: (user + system) / 1e6,
    };
  }
}

void main(process.argv[2]!, Number(process.argv[3]), Number(process.argv[4]));
