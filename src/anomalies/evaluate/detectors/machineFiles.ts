import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { QuarterdeckError } from '../../../contracts';

/** The files of one machine in a folder of labelled series. */
export interface MachineFiles {
  readonly name: string;
  /** Undefined when the folder has none. */
  readonly train: string | undefined;
  readonly test: string | undefined;
}

const filePattern = /^(.+)_(train|test)\.csv(\.gz)?$/;

/**
 * Machines of a folder laid out as NAME_train.csv.gz (unlabelled) and NAME_test.csv.gz (labelled), plain .csv too,
 * by name.
 * @throws NOT_FOUND when there is no such folder or nothing in it is named so.
 */
export async function findMachines(folder: string): Promise<MachineFiles[]> {
  let files: string[];
  try {
    files = await readdir(folder);
  } catch (cause) {
    throw new QuarterdeckError('NOT_FOUND', `${folder} is no folder that can be read`, {
      culprit: { folder },
      cause,
    });
  }
  const machines = new Map<string, { train?: string; test?: string }>();
  for (const file of files.sort()) {
    const [, name, part] = filePattern.exec(file) ?? [];
    if (name === undefined) continue;
    const machine = machines.get(name) ?? {};
    machine[part as 'train' | 'test'] ??= join(folder, file);
    machines.set(name, machine);
  }
  if (machines.size === 0) {
    throw new QuarterdeckError('NOT_FOUND', `${folder} has no NAME_train.csv and NAME_test.csv, .gz or not`, {
      culprit: { folder },
    });
  }
  return [...machines].map(([name, { train, test }]) => ({ name, train, test }));
}
