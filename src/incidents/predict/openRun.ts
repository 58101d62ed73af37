import { z } from 'zod';
import { isQuarterdeckError, modelVersionSchema } from '../../contracts';
import type { Platform } from '../../platform/platform';
import { encodeSegment } from '../../registry';

/**
 * The mark of a prediction run under way, one per tech centre, written before the first row is stored and deleted
 * after the archive is written. Finding one under the lease means that a run ended midway: its rows are in the
 * warehouse and missing in the archive.
 */
export const openRunSchema = z.object({
  runId: z.string(),
  startedAt: z.string(),
  modelVersion: modelVersionSchema,
});
export type OpenRun = z.infer<typeof openRunSchema>;

const openRunName = (techCenter: string): string =>
  `predictions/batch_predictions/${encodeSegment(techCenter)}/open_run.json`;

/** Undefined when there is none, or when it cannot be read: then there is nothing that could be archived after it. */
export async function readOpenRun(
  platform: Platform,
  techCenter: string,
  signal: AbortSignal,
): Promise<OpenRun | undefined> {
  try {
    const { bytes } = await platform.blobs.read(openRunName(techCenter), signal);
    return openRunSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (error) {
    if (isQuarterdeckError(error, 'BLOB_MISSING')) return undefined;
    if (!(error instanceof z.ZodError || error instanceof SyntaxError)) throw error;
    platform.telemetry.exception(error, { blob: openRunName(techCenter) });
    return undefined;
  }
}

export async function writeOpenRun(
  platform: Platform,
  techCenter: string,
  run: OpenRun,
  signal: AbortSignal,
): Promise<void> {
  await platform.blobs.write(openRunName(techCenter), new TextEncoder().encode(JSON.stringify(run)), {
    contentType: 'application/json',
    signal,
  });
}

export async function deleteOpenRun(
  platform: Platform,
  techCenter: string,
  signal: AbortSignal,
): Promise<void> {
  await platform.blobs.delete(openRunName(techCenter), signal);
}
