import { isQuarterdeckError, type ServiceGraph } from '../../contracts';
import { decodeModel, encodeModel } from '../../learn/binary';
import type { Matrix } from '../../learn/matrix';
import type { Platform } from '../../platform/platform';
import { readIfThere } from '../../registry/jsonBlobs';
import { indexGraph } from '../graph/graphIndex';
import { standingColumns } from './definitions';
import { keepFeatures, knownFeatures } from './graphFeatures';
import { standingFeaturesTask } from './standingFeatures';

const kind = 'service_graph_features';
const formatVersion = 1;
const blobName = (version: string): string => `alerts/graph-features/${version}.bin`;

/**
 * The standing features of every service, from memory, else as another process stored them for this version of the
 * graph, else worked out on a thread and stored. From then on `graphFeatures` has them at hand too.
 * @throws INPUT_INVALID for a graph that does not hold together; STORAGE_UNAVAILABLE, ABORTED.
 */
export async function graphFeaturesOf(
  platform: Pick<Platform, 'blobs' | 'threads' | 'telemetry'>,
  graph: ServiceGraph,
  signal: AbortSignal,
): Promise<Matrix> {
  const known = knownFeatures(graph);
  if (known) return known;
  const name = blobName(graph.version);
  const blob = await readIfThere(platform, name, signal);
  const stored = blob && decodeFeatures(blob.bytes, graph);
  if (blob && !stored) {
    platform.telemetry.log(
      'warning',
      'stored features of the service graph are of no use, they are replaced',
      {
        blob: name,
      },
    );
  }
  const features = stored ?? (await compute(platform, graph, signal));
  keepFeatures(graph, features);
  if (!stored) {
    await platform.blobs.write(name, encodeFeatures(features, graph), { signal });
  }
  return features;
}

async function compute(
  { threads }: Pick<Platform, 'threads'>,
  graph: ServiceGraph,
  signal: AbortSignal,
): Promise<Matrix> {
  const { upstream } = indexGraph(graph);
  const ratings = graph.nodes.map(({ criticality, tier }) => ({ criticality, tier }));
  return threads.run(standingFeaturesTask, { upstream, ratings }, signal);
}

function encodeFeatures({ values }: Matrix, graph: ServiceGraph): Uint8Array {
  const parameters = { columns: standingColumns, nodes: graph.nodes.map(({ id }) => id) };
  return encodeModel(kind, formatVersion, { parameters, arrays: { values } });
}

/**
 * Rows in the order of this graph's nodes, as the same version may hold them in another. Undefined when the bytes are
 * damaged, or of other columns or nodes: older code stored other features.
 */
function decodeFeatures(bytes: Uint8Array, graph: ServiceGraph): Matrix | undefined {
  let content: ReturnType<typeof decodeModel>;
  try {
    content = decodeModel(kind, formatVersion, bytes);
  } catch (error) {
    if (isQuarterdeckError(error, 'MODEL_BYTES_INVALID')) return undefined;
    throw error;
  }
  const columns = content.parameters['columns'] as readonly string[];
  const nodes = content.parameters['nodes'] as readonly string[];
  const stored = content.arrays['values'] as Float32Array;
  const d = standingColumns.length;
  if (columns.join() !== standingColumns.join() || nodes.length !== graph.nodes.length) return undefined;
  const rowOf = new Map(nodes.map((id, row) => [id, row]));
  const values = new Float32Array(nodes.length * d);
  for (const [node, { id }] of graph.nodes.entries()) {
    const row = rowOf.get(id);
    if (row === undefined) return undefined;
    values.set(stored.subarray(row * d, (row + 1) * d), node * d);
  }
  return { values, n: nodes.length, d };
}
