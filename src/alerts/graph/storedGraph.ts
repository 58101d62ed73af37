import { createHash } from 'node:crypto';
import { z } from 'zod';
import {
  isQuarterdeckError,
  QuarterdeckError,
  toTimestamp,
  type ServiceGraph,
  type Timestamp,
} from '../../contracts';
import type { Platform } from '../../platform/platform';
import { jsonBytes, readIfThere, readJson } from '../../registry/jsonBlobs';
import type { ServiceGraphReport } from './graphReport';
import type { ReadServiceGraph } from './readServiceGraph';

/** Service graphs in the artifacts container: one immutable blob for each version, and a pointer to the current. */

const folder = 'alerts/graph';
const pointerName = `${folder}/current.json`;
const blobName = (version: string): string => `${folder}/${version}.json`;
/** Somebody who replaces the graph at the same moment: then we look again. */
const attempts = 5;

const pointerSchema = z.object({
  version: z.string().regex(/^g-[0-9a-f]{24}$/),
  /** SHA-256 of the blob. */
  digest: z.string(),
  previous: z.string().nullable(),
  storedAt: z.string(),
});
type Pointer = z.infer<typeof pointerSchema>;

export interface StoredServiceGraph {
  readonly graph: ServiceGraph;
  /** What had to be corrected when it was given. */
  readonly report: ServiceGraphReport;
  readonly storedAt: Timestamp;
  /** Version before it; null for the first. */
  readonly previous: string | null;
}

type Content = Pick<StoredServiceGraph, 'graph' | 'report'>;

/** The last graph read, by container: a version never changes. */
const known = new WeakMap<Platform['blobs'], { readonly version: string; readonly content: Content }>();

/**
 * Makes a graph the current one. A graph that is current already is left alone. Of several who do this at once the
 * last stays.
 * @throws BLOB_CHANGED when others keep replacing it; STORAGE_UNAVAILABLE
 */
export async function storeServiceGraph(
  platform: Pick<Platform, 'blobs' | 'clock'>,
  { graph, report }: ReadServiceGraph,
  signal: AbortSignal,
): Promise<StoredServiceGraph> {
  const { version } = graph;
  const bytes = new TextEncoder().encode(JSON.stringify({ graph, report }));
  for (let attempt = 1; ; attempt++) {
    const current = await readJson(platform, pointerName, pointerSchema, signal);
    if (current?.value.version === version) {
      const stored = await read(platform, current.value, signal);
      if (stored) return stored;
    }
    // A blob that is there already holds this graph, maybe with another report; one that is damaged is replaced.
    await platform.blobs.write(blobName(version), bytes, { contentType: 'application/json', signal });
    const previous = current === undefined ? null : current.value.version;
    const pointer: Pointer = {
      version,
      digest: digestOf(bytes),
      previous: previous === version ? current!.value.previous : previous,
      storedAt: toTimestamp(platform.clock.now()),
    };
    try {
      await platform.blobs.write(pointerName, jsonBytes(pointer), {
        ...(current === undefined ? { create: true } : { ifMatch: current.etag }),
        contentType: 'application/json',
        signal,
      });
      return { graph, report, storedAt: pointer.storedAt, previous: pointer.previous };
    } catch (error) {
      const raced = isQuarterdeckError(error, 'BLOB_CHANGED') || isQuarterdeckError(error, 'BLOB_EXISTS');
      if (!raced || attempt === attempts) throw error;
    }
  }
}

/**
 * The graph that is current, or undefined when none was ever given. Read once for each version.
 * @throws MODEL_CORRUPT when its blob is gone or is not what was stored
 */
export async function currentServiceGraph(
  platform: Pick<Platform, 'blobs'>,
  signal: AbortSignal,
): Promise<StoredServiceGraph | undefined> {
  const pointer = await readJson(platform, pointerName, pointerSchema, signal);
  if (!pointer) return undefined;
  const stored = await read(platform, pointer.value, signal);
  if (stored) return stored;
  throw new QuarterdeckError(
    'MODEL_CORRUPT',
    `the service graph ${pointer.value.version} is gone or differs from what was stored; put it again`,
    { culprit: { blob: blobName(pointer.value.version) } },
  );
}

/** Undefined when the blob is missing or damaged. */
async function read(
  platform: Pick<Platform, 'blobs'>,
  { version, digest, storedAt, previous }: Pointer,
  signal: AbortSignal,
): Promise<StoredServiceGraph | undefined> {
  const remembered = known.get(platform.blobs);
  if (remembered?.version === version) return { ...remembered.content, storedAt, previous };
  const blob = await readIfThere(platform, blobName(version), signal);
  if (!blob || digestOf(blob.bytes) !== digest) return undefined;
  // Whoever wrote these bytes had checked the graph: the digest says that they are the same.
  const content = JSON.parse(new TextDecoder().decode(blob.bytes)) as Content;
  known.set(platform.blobs, { version, content });
  return { ...content, storedAt, previous };
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
