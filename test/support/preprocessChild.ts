import { preprocessAll } from '../../src/incidents/preprocess/preprocessAll';
import { composePlatform } from '../../src/platform/compose';
import type { Warehouse } from '../../src/platform/warehouse/warehouse';

/**
 * Another process that preprocesses the data of its environment and prints each step of the warehouse as it ends, so
 * that a test can kill it between two of them.
 */
const steps = ['mergePreprocessed', 'mergeQuarantined', 'advanceWatermark'] as const;

async function main(): Promise<void> {
  const platform = composePlatform(process.env);
  const warehouse: Warehouse = { ...platform.warehouse };
  for (const step of steps) {
    const real = platform.warehouse[step] as (...args: unknown[]) => Promise<unknown>;
    Object.assign(warehouse, {
      [step]: async (...args: unknown[]): Promise<unknown> => {
        const result = await real(...args);
        process.stdout.write(`${step}\n`);
        return result;
      },
    });
  }
  const runs = await preprocessAll({ ...platform, warehouse }, {}, new AbortController().signal);
  process.stdout.write(`${runs.map(({ status }) => status).join(',')}\n`);
  await platform.close();
}

void main();
