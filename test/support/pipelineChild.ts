import { predictCenter } from '../../src/incidents/predict/predictCenter';
import { trainQuarter } from '../../src/incidents/train/trainQuarter';
import { composePlatform } from '../../src/platform/compose';
import type { Platform } from '../../src/platform/platform';
import { embeddingService, techCenter } from './trainedCenter';

/**
 * Trains or predicts in a process of its own that a test kills: once a change is made whose name matches, it says so
 * and does nothing more. `train|predict PATTERN`.
 */
const [command, pattern = ''] = process.argv.slice(2);

function stoppingAt(platform: Platform): Platform {
  const { blobs, warehouse } = platform;
  const announce = async <T>(name: string, change: Promise<T>): Promise<T> => {
    const result = await change;
    if (!new RegExp(pattern).test(name)) return result;
    process.stdout.write(`${name}\n`);
    process.stdin.resume();
    return new Promise<never>(() => {});
  };
  return {
    ...platform,
    blobs: {
      ...blobs,
      write: (name, ...rest) => announce(`write ${name}`, blobs.write(name, ...rest)),
    },
    warehouse: {
      ...warehouse,
      mergePredictions: (...parameters) =>
        announce('mergePredictions', warehouse.mergePredictions(...parameters)),
    },
  };
}

async function main(): Promise<void> {
  const platform = stoppingAt(composePlatform(process.env, { embeddingService }));
  const { signal } = new AbortController();
  if (command === 'train') {
    await trainQuarter(platform, { year: 2026, quarter: 'q3', maxWorkers: 1, promote: true }, { signal });
  } else {
    await predictCenter(platform, { techCenter }, signal);
  }
  await platform.close();
}

void main();
