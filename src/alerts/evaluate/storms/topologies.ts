import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { QuarterdeckError, type ServiceGraph } from '../../../contracts';
import { generateServiceGraph } from '../../demo';
import { readServiceGraph } from '../../graph/readServiceGraph';

/** A graph to make storms on; generated ones are another for each seed. */
export interface Topology {
  readonly name: string;
  readonly graph: (seed: number) => ServiceGraph;
}

export const generatedTopologies: readonly Topology[] = [
  { name: 'layered, 200 services', graph: (seed) => generateServiceGraph({ nodes: 200, seed }) },
  {
    name: 'scale-free, 500 services',
    graph: (seed) => generateServiceGraph({ nodes: 500, seed, shape: 'scale-free' }),
  },
  { name: 'layered, 2000 services', graph: (seed) => generateServiceGraph({ nodes: 2000, seed }) },
];

/**
 * Graphs of real systems in a folder, wherever they lie in it: adjacency matrices named graph.csv (a row depends on
 * the columns that are not 0), and edge lists named dependency.csv with columns Source and Target. Each system's first
 * is taken: further ones are the same services on other days.
 * @throws NOT_FOUND when the folder has none, FILE_MALFORMED.
 */
export function readTopologies(folder: string): Topology[] {
  const found = new Map<string, Topology>();
  for (const file of csvFiles(folder)) {
    if (found.has(file.system)) continue;
    const edges = file.name === 'graph.csv' ? matrixEdges(file.path) : listedEdges(file.path);
    const ids = [...new Set(edges.flat())];
    const { graph } = readServiceGraph({
      nodes: ids.map((id) => ({ id })),
      edges: edges.map(([source, target]) => ({ source, target })),
    });
    found.set(file.system, { name: file.system, graph: () => graph });
  }
  if (found.size === 0) {
    throw new QuarterdeckError('NOT_FOUND', `${folder} holds no graph.csv and no dependency.csv`, {
      culprit: { option: 'graph' },
    });
  }
  return [...found.values()];
}

interface GraphFile {
  readonly path: string;
  readonly name: string;
  /** The first folder on the way to it, or the folder itself. */
  readonly system: string;
}

function csvFiles(folder: string): GraphFile[] {
  if (!existsSync(folder)) {
    throw new QuarterdeckError('NOT_FOUND', `${folder} is not there`, { culprit: { option: 'graph' } });
  }
  return (readdirSync(folder, { recursive: true }) as string[])
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /(^|\/)(graph|dependency)\.csv(\.gz)?$/.test(path))
    .sort()
    .map((path) => ({
      path: join(folder, path),
      name: path.split('/').at(-1)!.replace(/\.gz$/, ''),
      system: path.includes('/') ? path.split('/')[0]! : folder.split('/').filter(Boolean).at(-1)!,
    }));
}

function rowsOf(path: string): string[][] {
  const bytes = readFileSync(path);
  try {
    return parse(path.endsWith('.gz') ? gunzipSync(bytes) : bytes, {
      bom: true,
      skip_empty_lines: true,
      trim: true,
    });
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new QuarterdeckError('FILE_MALFORMED', `${path}: ${detail}`, {
      culprit: { file: path },
      cause: error,
    });
  }
}

function matrixEdges(path: string): (readonly [string, string])[] {
  const [header = [], ...rows] = rowsOf(path);
  return rows.flatMap(([source = '', ...cells]) =>
    cells.flatMap((cell, column): (readonly [string, string])[] =>
      Number(cell) > 0 ? [[source, header[column + 1]!]] : [],
    ),
  );
}

function listedEdges(path: string): (readonly [string, string])[] {
  const [header = [], ...rows] = rowsOf(path);
  const [source, target] = [header.indexOf('Source'), header.indexOf('Target')];
  if (source < 0 || target < 0) {
    throw new QuarterdeckError('FILE_COLUMN_MISSING', `${path} has no columns Source and Target`, {
      culprit: { file: path, column: source < 0 ? 'Source' : 'Target' },
    });
  }
  return rows.map((row) => [row[source]!, row[target]!]);
}
