import { z } from 'zod';
import { QuarterdeckError } from '../../contracts';
import type { IngestReceipt } from '../../contracts/ingestHttp';
import type { Platform } from '../../platform/platform';
import { ingestKinds } from './batch';
import { complete, decode, storeDecoded } from './ingestBatch';
import { decodeRaw } from './rawParquet';
import { readBatchState } from './receipt';

export const ingestMessageSchema = z.strictObject({
  kind: z.enum(ingestKinds),
  batchId: z.string().regex(/^b-[0-9a-f]{32}$/),
});

/**
 * Works a batch of the queue through into the tables, from its raw file. A batch that is done already is left alone.
 * @throws NOT_FOUND when nobody knows the batch; whatever reading and storing throw, so that the queue tries again.
 */
export async function workBatch(
  platform: Platform,
  { kind, batchId }: z.infer<typeof ingestMessageSchema>,
  signal: AbortSignal,
): Promise<IngestReceipt> {
  const state = await readBatchState(platform, kind, batchId, signal);
  if (!state) {
    throw new QuarterdeckError('NOT_FOUND', `there is no batch ${batchId} of ${kind}`, {
      culprit: { batchId },
    });
  }
  if (state.receipt) return state.receipt;
  const { bytes } = await platform.rawLogs.read(state.rawName, signal);
  const body = await decodeRaw(state.rawName, bytes);
  const batch = {
    kind,
    batchId,
    shape: state.shape,
    arrivedAt: state.arrivedAt,
    instance: state.instance,
    source: state.source,
    body,
  };
  const outcome = await storeDecoded(platform, batch, decode(platform, batch), signal);
  return complete(platform, state, outcome, signal);
}
