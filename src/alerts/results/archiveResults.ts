import type { Platform } from '../../platform/platform';
import type { GroupingResults } from './groupingResults';
import { metadataFile, resultFiles } from './resultFiles';

/**
 * The files of a run as blobs below `results/{run id}/`, its metadata last: without them it is no result.
 * @throws STORAGE_UNAVAILABLE, ABORTED
 */
export async function archiveResults(
  { blobs }: Pick<Platform, 'blobs'>,
  results: GroupingResults,
  signal: AbortSignal,
): Promise<void> {
  const prefix = `results/${results.run.runId}`;
  const files: { name: string; bytes: number }[] = [];
  for (const { name, pieces } of resultFiles(results)) {
    const bytes = Buffer.concat(Array.from(pieces(), (piece) => Buffer.from(piece, 'utf8')));
    await blobs.write(`${prefix}/${name}`, bytes, { contentType: contentType(name), signal });
    files.push({ name, bytes: bytes.byteLength });
  }
  const metadata = { ...(JSON.parse(results.run.metadataJson) as object), files };
  const text = `${JSON.stringify(metadata, null, 2)}\n`;
  await blobs.write(`${prefix}/${metadataFile}`, new TextEncoder().encode(text), {
    contentType: 'application/json',
    signal,
  });
}

function contentType(name: string): string {
  return name.endsWith('.json') ? 'application/json' : 'text/csv; charset=utf-8';
}
